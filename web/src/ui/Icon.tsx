import { ICONS, type IconName } from './icons'

interface IconProps {
  name: IconName
  className?: string
}

/** Decoration: the words beside it, or the button's label, carry the meaning. */
export function Icon({ name, className = 'size-4' }: IconProps) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={`shrink-0 ${className}`}>
      <path
        d={ICONS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
