import type { Job } from '@/api/types'
import { RelativeTime } from '@/ui/RelativeTime'
import { JobActions } from '../JobActions'
import { useJobTitle } from '../job-titles'
import { JobProgress } from '../JobProgress'
import { StateBadge } from '../StateBadge'
import { JobIdCell } from './JobIdCell'
import { JobTypeCell } from './JobTypeCell'

/** The same rows for a phone. */
export function JobCards({ jobs, highlight }: { jobs: Job[]; highlight?: string }) {
  const title = useJobTitle()
  return (
    <ul className="divide-y divide-line">
      {jobs.map((job) => (
        <li
          key={job.job_id}
          data-highlight={job.job_id === highlight || undefined}
          className="space-y-3 p-4 data-highlight:bg-brand-soft data-highlight:shadow-[inset_3px_0_var(--accent)]"
        >
          <div className="flex items-start justify-between gap-3">
            <JobTypeCell job={job} title={title(job)} />
            <StateBadge state={job.state} />
          </div>
          <JobProgress job={job} />
          <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-2 text-xs text-muted">
            <span className="flex min-w-0 items-center gap-2">
              <JobIdCell id={job.job_id} />
              <RelativeTime iso={job.updated_at} />
            </span>
            <JobActions job={job} />
          </div>
        </li>
      ))}
    </ul>
  )
}
