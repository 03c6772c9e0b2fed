import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { jobKeys } from '@/api/jobs'
import { JobFeed, type FeedState } from './job-feed'

/** The events of the job that a page shows. Facts other than log lines make the job itself be read again. */
export function useJobFeed(jobId: string): FeedState {
  const queryClient = useQueryClient()
  const [feed] = useState(
    () => new JobFeed(jobId, () => void queryClient.invalidateQueries({ queryKey: jobKeys.detail(jobId) })),
  )
  useEffect(() => {
    void feed.start()
    return () => feed.stop()
  }, [feed])
  return useSyncExternalStore(feed.subscribe, () => feed.state)
}
