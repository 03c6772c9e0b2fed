import type { JobState } from '@/api/types'
import type { Tone } from '@/ui/Badge'
import type { IconName } from '@/ui/icons'
import type { ProgressTone } from '@/ui/ProgressBar'

export const JOB_STATES: readonly JobState[] = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED']

interface StateLook {
  word: string
  tone: Tone
  icon: IconName
  bar: ProgressTone
  /** What may be done to a job in this state; the API has the last word. */
  can: { cancel: boolean; retry: boolean }
  final: boolean
}

/** A new state does not compile until it has a look. Never the brand's orange: a state must not look like a button. */
export const STATES: Record<JobState, StateLook> = {
  QUEUED: {
    word: 'Queued',
    tone: 'idle',
    icon: 'clock',
    bar: 'idle',
    can: { cancel: true, retry: false },
    final: false,
  },
  RUNNING: {
    word: 'Running',
    tone: 'busy',
    icon: 'spinner',
    bar: 'busy',
    can: { cancel: true, retry: false },
    final: false,
  },
  SUCCEEDED: {
    word: 'Succeeded',
    tone: 'ok',
    icon: 'check',
    bar: 'ok',
    can: { cancel: false, retry: false },
    final: true,
  },
  FAILED: {
    word: 'Failed',
    tone: 'bad',
    icon: 'cross',
    bar: 'bad',
    can: { cancel: false, retry: true },
    final: true,
  },
  CANCELLED: {
    word: 'Cancelled',
    tone: 'idle',
    icon: 'slash',
    bar: 'idle',
    can: { cancel: false, retry: true },
    final: true,
  },
}
