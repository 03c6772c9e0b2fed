import { useId, useRef, type ReactNode, type ToggleEvent } from 'react'

interface PopoverProps {
  /** What the button shows. */
  trigger: ReactNode
  triggerClassName: string
  label?: string
  children: ReactNode
}

const GAP = 6
const EDGE = 8

/** A native popover below its button: light dismiss, Escape and focus order are the browser's. */
export function Popover({ trigger, triggerClassName, label, children }: PopoverProps) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)

  const place = (event: ToggleEvent<HTMLDivElement>) => {
    if (event.newState !== 'open' || !button.current || !panel.current) return
    const from = button.current.getBoundingClientRect()
    const size = panel.current.getBoundingClientRect()
    const room = document.documentElement.clientWidth - EDGE
    const left = from.left + size.width > room ? from.right - size.width : from.left
    const below = from.bottom + GAP
    const fits = below + size.height < window.innerHeight - EDGE
    panel.current.style.left = `${Math.max(EDGE, left)}px`
    panel.current.style.top = `${fits ? below : Math.max(EDGE, from.top - GAP - size.height)}px`
    button.current.setAttribute('aria-expanded', 'true')
  }
  const closed = (event: ToggleEvent<HTMLDivElement>) => {
    if (event.newState === 'closed') button.current?.setAttribute('aria-expanded', 'false')
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-expanded="false"
        aria-label={label}
        className={triggerClassName}
      >
        {trigger}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        onToggle={place}
        onBeforeToggle={closed}
        className="fixed m-0 min-w-48 rounded-xl bg-raised p-1.5 text-fg shadow-pop open:animate-[rise_0.12s_ease-out]"
      >
        {children}
      </div>
    </>
  )
}
