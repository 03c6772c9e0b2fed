import { absolute, ago } from '@/lib/time'
import { useNow } from '@/lib/use-now'

export function RelativeTime({ iso }: { iso: string }) {
  const now = useNow()
  return (
    <time dateTime={iso} title={absolute(iso)} className="whitespace-nowrap">
      {ago(iso, now)}
    </time>
  )
}
