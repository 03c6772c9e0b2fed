const TINTS = [
  'bg-brand-soft text-brand',
  'bg-busy-soft text-busy',
  'bg-ok-soft text-ok',
  'bg-warn-soft text-warn',
]

interface ItemAvatarProps {
  title: string
  icon?: string | null
  className?: string
}

/** The item's emoji, or its first letter on a tint that stays the same. */
export function ItemAvatar({ title, icon, className = 'size-10 text-lg' }: ItemAvatarProps) {
  const glyph = icon && [...icon].length <= 4 ? icon : null
  const tint = TINTS[(title.codePointAt(0) ?? 0) % TINTS.length]
  return (
    <span
      aria-hidden="true"
      className={`grid shrink-0 place-items-center rounded-xl font-semibold ${glyph ? 'bg-sunken' : tint} ${className}`}
    >
      {glyph ?? title.charAt(0).toUpperCase()}
    </span>
  )
}
