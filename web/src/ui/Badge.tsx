import type { ReactNode } from 'react'

export type Tone = 'ok' | 'bad' | 'busy' | 'warn' | 'idle' | 'brand'

const TONES: Record<Tone, string> = {
  ok: 'bg-ok-soft text-ok',
  bad: 'bg-bad-soft text-bad',
  busy: 'bg-busy-soft text-busy',
  warn: 'bg-warn-soft text-warn',
  idle: 'bg-idle-soft text-idle',
  brand: 'bg-brand-soft text-brand',
}

export function Badge({ tone = 'idle', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={`inline-flex h-6 items-center gap-1.5 rounded-full px-2 text-xs font-medium whitespace-nowrap ${TONES[tone]}`}
    >
      {children}
    </span>
  )
}
