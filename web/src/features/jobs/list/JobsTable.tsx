import type { Job } from '@/api/types'
import { RelativeTime } from '@/ui/RelativeTime'
import { JobActions } from '../JobActions'
import { useJobTitle } from '../job-titles'
import { JobProgress } from '../JobProgress'
import { StateBadge } from '../StateBadge'
import { JobIdCell } from './JobIdCell'
import { JobTypeCell } from './JobTypeCell'
import { JobsTableFrame } from './JobsTableFrame'

export function JobsTable({ jobs, highlight }: { jobs: Job[]; highlight?: string }) {
  const title = useJobTitle()
  return (
    <JobsTableFrame>
      {jobs.map((job) => (
        <tr
          key={job.job_id}
          data-highlight={job.job_id === highlight || undefined}
          className="h-15 hover:bg-sunken/60 data-highlight:bg-brand-soft data-highlight:shadow-[inset_3px_0_var(--accent)]"
        >
          <td className="pl-4">
            <JobIdCell id={job.job_id} />
          </td>
          <td className="max-w-0 pr-4">
            <JobTypeCell job={job} title={title(job)} />
          </td>
          <td>
            <StateBadge state={job.state} />
          </td>
          <td className="max-w-0 pr-6">
            <JobProgress job={job} />
          </td>
          <td className="max-w-0 truncate pr-3 text-muted max-lg:hidden" title={job.requested_by}>
            {job.requested_by}
          </td>
          <td className="text-muted">
            <RelativeTime iso={job.updated_at} />
          </td>
          <td className="pr-4">
            <JobActions job={job} />
          </td>
        </tr>
      ))}
    </JobsTableFrame>
  )
}
