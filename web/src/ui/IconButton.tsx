import type { ComponentProps } from 'react'
import { Icon } from './Icon'
import type { IconName } from './icons'

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'aria-label'> {
  icon: IconName
  label: string
}

export function IconButton({ icon, label, className = '', ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={rest.title ?? label}
      className={`inline-grid size-8 shrink-0 place-items-center rounded-lg text-muted transition-colors hover:bg-idle-soft hover:text-fg disabled:pointer-events-none disabled:opacity-40 aria-pressed:bg-idle-soft aria-pressed:text-fg ${className}`}
    >
      <Icon name={icon} />
    </button>
  )
}
