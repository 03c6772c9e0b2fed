import type { ReactNode } from 'react'
import { Icon } from './Icon'
import type { IconName } from './icons'

interface EmptyStateProps {
  icon: IconName
  title: string
  children?: ReactNode
  actions?: ReactNode
}

export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-3 px-6 py-16 text-center">
      <span className="grid size-11 place-items-center rounded-xl border border-line bg-surface text-faint shadow-card">
        <Icon name={icon} className="size-5" />
      </span>
      <div className="space-y-1">
        <h2 className="text-base font-semibold">{title}</h2>
        {children && <div className="mx-auto max-w-prose text-muted">{children}</div>}
      </div>
      {actions && <div className="mt-1 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  )
}
