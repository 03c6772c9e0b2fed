import { useEffect, useState } from 'react'
import type { JobFilter } from '@/api/jobs'
import type { Job } from '@/api/types'
import { useLiveJobs } from '../live/live-context'
import { isNewHere } from './is-new-here'

/** Counts jobs that belong on this page but are not on it. They wait behind a button: rows must not move by themselves. */
export function useNewJobs(filter: JobFilter, shown: Job[] | undefined, loadedAt: number): number {
  const live = useLiveJobs()
  const [found, setFound] = useState<{ loadedAt: number; ids: ReadonlySet<string> }>({
    loadedAt,
    ids: new Set(),
  })

  useEffect(() => {
    if (!shown) return undefined
    return live.subscribe((jobs) => {
      const ids = jobs.filter((job) => isNewHere(job, filter, shown)).map((job) => job.job_id)
      if (ids.length === 0) return
      setFound((before) => ({
        loadedAt,
        ids: new Set([...(before.loadedAt === loadedAt ? before.ids : []), ...ids]),
      }))
    })
  }, [live, filter, shown, loadedAt])

  return found.loadedAt === loadedAt ? found.ids.size : 0
}
