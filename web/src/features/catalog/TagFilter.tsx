interface TagFilterProps {
  tags: [string, number][]
  chosen: string[]
  onChange: (tags: string[]) => void
}

export function TagFilter({ tags, chosen, onChange }: TagFilterProps) {
  if (tags.length === 0) return null
  const toggle = (tag: string) =>
    onChange(chosen.includes(tag) ? chosen.filter((one) => one !== tag) : [...chosen, tag])
  return (
    <div role="group" aria-label="Tags" className="flex flex-wrap gap-1.5">
      {tags.map(([tag, count]) => (
        <button
          key={tag}
          type="button"
          aria-pressed={chosen.includes(tag)}
          onClick={() => toggle(tag)}
          className="inline-flex min-h-7 items-center gap-1.5 rounded-full border border-line bg-surface px-2.5 text-[0.8125rem] text-muted transition-colors hover:border-field hover:text-fg aria-pressed:border-brand aria-pressed:bg-brand-soft aria-pressed:text-brand"
        >
          {tag}
          <span className="text-xs tabular-nums opacity-80">{count}</span>
        </button>
      ))}
    </div>
  )
}
