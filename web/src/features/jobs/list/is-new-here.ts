import type { JobFilter } from '@/api/jobs'
import type { Job } from '@/api/types'

/** Would this job be on this first page if it were fetched now, and is it not yet there? */
export function isNewHere(job: Job, filter: JobFilter, shown: Job[]): boolean {
  if (filter.page !== 1 || shown.some((one) => one.job_id === job.job_id)) return false
  if (!matches(job, filter)) return false
  const last = shown.at(-1)
  // Ids sort by time: on a full page, something older than the last row belongs to a later page.
  return shown.length < filter.page_size || !last || job.job_id > last.job_id
}

function matches(job: Job, { state, search, type, requested_by }: JobFilter): boolean {
  const text = search?.toLowerCase() ?? ''
  return (
    (!state || state.includes(job.state)) &&
    (!type || job.type === type) &&
    (!requested_by || job.requested_by === requested_by) &&
    (job.job_id.includes(text) || job.type.toLowerCase().includes(text))
  )
}
