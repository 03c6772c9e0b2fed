export type ButtonTone = 'primary' | 'secondary' | 'ghost' | 'danger'
export type ButtonSize = 'sm' | 'md'

const BASE =
  'inline-flex items-center justify-center gap-1.5 rounded-lg font-medium whitespace-nowrap transition-colors select-none disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed aria-disabled:opacity-55'

const TONES: Record<ButtonTone, string> = {
  primary: 'bg-brand text-on-brand enabled:hover:bg-brand-hover [a&]:hover:bg-brand-hover shadow-card',
  secondary: 'border border-line bg-surface text-fg shadow-card enabled:hover:bg-sunken [a&]:hover:bg-sunken',
  ghost:
    'text-muted enabled:hover:bg-idle-soft enabled:hover:text-fg [a&]:hover:bg-idle-soft [a&]:hover:text-fg',
  danger: 'border border-line bg-surface text-bad shadow-card enabled:hover:bg-bad-soft',
}

const SIZES: Record<ButtonSize, string> = { sm: 'min-h-7 px-2.5 text-[0.8125rem]', md: 'min-h-9 px-3.5' }

/** Also for links that look like buttons. */
export function buttonClass(tone: ButtonTone = 'secondary', size: ButtonSize = 'md'): string {
  return `${BASE} ${TONES[tone]} ${SIZES[size]}`
}
