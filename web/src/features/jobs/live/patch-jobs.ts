import type { QueryClient } from '@tanstack/react-query'
import { jobKeys } from '@/api/jobs'
import type { Job, JobPage } from '@/api/types'

/** Writes changed jobs into every list and page that shows them. Rows keep their place: nothing moves under a pointer. */
export function patchJobs(queryClient: QueryClient, changed: Map<string, Job>) {
  for (const [key, page] of queryClient.getQueriesData<JobPage>({ queryKey: jobKeys.lists })) {
    // Writing marks a list as fresh: one that shows none of these jobs must stay as old as it is.
    if (page?.items.some((job) => changed.has(job.job_id))) {
      const items = page.items.map((job) => newer(job, changed.get(job.job_id)))
      queryClient.setQueryData<JobPage>(key, { ...page, items })
    }
  }
  for (const job of changed.values()) {
    queryClient.setQueryData<Job>(jobKeys.detail(job.job_id), (known) => known && newer(known, job))
  }
}

/** A message may be older than an answer that overtook it. */
function newer(known: Job, incoming: Job | undefined): Job {
  if (!incoming || incoming.updated_at < known.updated_at) return known
  return incoming
}
