import type { ComponentProps } from 'react'
import { buttonClass, type ButtonSize, type ButtonTone } from './button-class'
import { Icon } from './Icon'
import type { IconName } from './icons'
import { Spinner } from './Spinner'

interface ButtonProps extends ComponentProps<'button'> {
  tone?: ButtonTone
  size?: ButtonSize
  icon?: IconName
  /** The action is under way: shows it, and takes no second click. */
  pending?: boolean
}

export function Button({ tone, size, icon, pending, children, className = '', ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || pending}
      aria-busy={pending || undefined}
      className={`${buttonClass(tone, size)} ${className}`}
    >
      {pending ? <Spinner /> : icon && <Icon name={icon} />}
      {children}
    </button>
  )
}
