import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { meQuery } from '@/api/auth'
import { LiveJobsContext } from './live-context'
import { LiveJobs } from './live-jobs'

export function LiveJobsProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient()
  // Asking who we are gets the 401 that leads to the sign-in page.
  const [live] = useState(
    () =>
      new LiveJobs(queryClient, () => void queryClient.invalidateQueries({ queryKey: meQuery().queryKey })),
  )
  useEffect(() => {
    live.start()
    return () => live.stop()
  }, [live])
  return <LiveJobsContext value={live}>{children}</LiveJobsContext>
}
