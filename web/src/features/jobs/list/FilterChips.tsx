import { Icon } from '@/ui/Icon'

interface FilterChipsProps {
  chips: { label: string; value: string; onRemove: () => void }[]
}

/** Filters that came by a link ("all runs of this item") and have no control of their own. */
export function FilterChips({ chips }: FilterChipsProps) {
  return chips.map(({ label, value, onRemove }) => (
    <button
      key={label}
      type="button"
      onClick={onRemove}
      aria-label={`Remove the filter ${label}: ${value}`}
      className="inline-flex min-h-9 items-center gap-1.5 rounded-lg bg-brand-soft px-3 text-brand hover:underline"
    >
      {label}: {value}
      <Icon name="cross" className="size-3.5" />
    </button>
  ))
}
