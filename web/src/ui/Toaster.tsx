import { useSyncExternalStore } from 'react'
import { dismissToast, readToasts, subscribeToasts } from '@/lib/toasts'
import { Icon } from './Icon'
import { IconButton } from './IconButton'

export function Toaster() {
  const toasts = useSyncExternalStore(subscribeToasts, readToasts)
  return (
    <div
      role="region"
      aria-label="Notifications"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-3 bottom-3 z-50 flex flex-col items-end gap-2 sm:left-auto sm:w-96"
    >
      {toasts.map((toast) => (
        <div
          key={toast.id}
          className="pointer-events-auto flex w-full animate-[rise_0.18s_ease-out] items-start gap-2.5 rounded-xl bg-raised py-2.5 pr-2 pl-3.5 shadow-pop"
        >
          <Icon
            name={toast.tone === 'ok' ? 'check' : 'alert'}
            className={`mt-1.5 size-4 ${toast.tone === 'ok' ? 'text-ok' : 'text-bad'}`}
          />
          <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 py-1">
            <span className="min-w-0 break-words">{toast.text}</span>
            {toast.action}
          </div>
          <IconButton
            icon="cross"
            label="Dismiss"
            onClick={() => dismissToast(toast.id)}
            className="size-7"
          />
        </div>
      ))}
    </div>
  )
}
