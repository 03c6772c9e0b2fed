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

/** The item's drawing in the colour of its tint, its emoji, or its first letter. */
export function ItemAvatar({ title, icon, className = 'size-10 text-lg' }: ItemAvatarProps) {
  const glyph = icon && [...icon].length <= 4 ? icon : null
  const drawing = icon?.includes('<svg') ? icon : null
  const tint = TINTS[(title.codePointAt(0) ?? 0) % TINTS.length]
  return (
    <span
      aria-hidden="true"
      className={`grid shrink-0 place-items-center rounded-xl font-semibold ${glyph ? 'bg-sunken' : tint} ${className}`}
    >
      {drawing ? <Drawing svg={drawing} /> : (glyph ?? title.charAt(0).toUpperCase())}
    </span>
  )
}

/** As a mask, not as markup: nothing in an author's SVG can run or load here, and it follows the theme. */
function Drawing({ svg }: { svg: string }) {
  const source = `url("data:image/svg+xml,${encodeURIComponent(svg)}")`
  return <span className="size-3/5 bg-current" style={{ mask: `${source} center / contain no-repeat` }} />
}
