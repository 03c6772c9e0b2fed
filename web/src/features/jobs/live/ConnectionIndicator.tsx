import type { LiveStatus } from '@/lib/live-socket'
import { useLiveStatus } from './live-context'

const LOOKS: Record<LiveStatus, { word: string; dot: string; hint: string }> = {
  connecting: { word: 'Connecting', dot: 'bg-warn animate-pulse', hint: 'Opening the live connection' },
  live: { word: 'Live', dot: 'bg-ok', hint: 'Changes appear as they happen' },
  reconnecting: {
    word: 'Reconnecting',
    dot: 'bg-warn animate-pulse',
    hint: 'The live connection was lost. Pages are refreshed every few seconds until it is back',
  },
  offline: { word: 'Offline', dot: 'bg-bad', hint: 'This device has no network' },
  closed: { word: 'Offline', dot: 'bg-bad', hint: 'The live connection has ended' },
}

export function ConnectionIndicator() {
  const { word, dot, hint } = LOOKS[useLiveStatus()]
  return (
    <p role="status" title={hint} className="flex items-center justify-end gap-2 text-xs text-muted sm:w-28">
      <span aria-hidden="true" className={`size-2 rounded-full ${dot}`} />
      <span className="max-sm:sr-only">{word}</span>
    </p>
  )
}
