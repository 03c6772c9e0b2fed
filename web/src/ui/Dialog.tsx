import { useEffect, useId, useRef, type ReactNode } from 'react'
import { IconButton } from './IconButton'

interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
}

/** A native modal dialog: the browser keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const element = dialog.current
    if (element && !element.open) element.showModal()
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      className="m-auto w-[min(36rem,calc(100vw-1.5rem))] rounded-2xl bg-raised p-0 text-fg shadow-pop open:animate-[rise_0.16s_ease-out]"
    >
      <header className="flex items-center justify-between gap-4 border-b border-line px-5 py-3.5">
        <h2 id={titleId} className="text-base font-semibold">
          {title}
        </h2>
        <IconButton icon="cross" label="Close" onClick={onClose} />
      </header>
      {children}
    </dialog>
  )
}
