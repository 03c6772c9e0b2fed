import { createContext, useContext, useSyncExternalStore } from 'react'
import type { LiveJobs } from './live-jobs'

export const LiveJobsContext = createContext<LiveJobs | null>(null)

export function useLiveJobs(): LiveJobs {
  const live = useContext(LiveJobsContext)
  if (!live) throw new Error('useLiveJobs needs a LiveJobsProvider above it')
  return live
}

export function useLiveStatus() {
  const live = useLiveJobs()
  return useSyncExternalStore(live.subscribeStatus, () => live.status)
}

const POLL_MS = 10_000

/** While changes do not arrive by themselves, ask for them. */
export function usePollWhileNotLive(): number | false {
  return useLiveStatus() === 'live' ? false : POLL_MS
}
