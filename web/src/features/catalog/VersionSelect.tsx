import { useQuery } from '@tanstack/react-query'
import { versionsQuery } from '@/api/catalog'
import { ago } from '@/lib/time'
import { useNow } from '@/lib/use-now'

interface VersionSelectProps {
  itemId: string
  /** The version in the URL; nothing means the newest. */
  chosen: string | undefined
  shown: string
  onChange: (version: string | undefined) => void
}

export function VersionSelect({ itemId, chosen, shown, onChange }: VersionSelectProps) {
  const { data: versions } = useQuery(versionsQuery(itemId))
  const now = useNow()
  const known = versions ?? []
  return (
    <label className="flex items-center gap-2 text-muted">
      Version
      <select
        className="field w-auto max-w-64 font-medium"
        value={chosen ?? ''}
        onChange={(event) => onChange(event.target.value || undefined)}
      >
        <option value="">{chosen ? 'latest' : `latest (${shown})`}</option>
        {chosen && !known.some(({ version }) => version === chosen) && <option>{chosen}</option>}
        {known.map(({ version, created_at, yanked }) => (
          <option key={version} value={version} disabled={yanked}>
            {version} · {yanked ? 'withdrawn' : ago(created_at, now)}
          </option>
        ))}
      </select>
    </label>
  )
}
