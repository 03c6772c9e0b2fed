import type { Job } from '@/api/types'
import { ProgressBar } from '@/ui/ProgressBar'
import { STATES } from './job-states'

/** The bar and, below it, what the job last said; for a job that waits, why. */
export function JobProgress({ job }: { job: Job }) {
  const text = job.queue
    ? `#${job.queue.position} · ${job.queue.reason}`
    : (job.error?.message ?? job.message)
  return (
    <div className="min-w-0 space-y-1">
      <div className="flex items-center gap-2.5">
        <ProgressBar
          value={job.progress}
          tone={STATES[job.state].bar}
          label={`Progress of job ${job.job_id}`}
        />
        <span className="w-10 shrink-0 text-right text-xs whitespace-nowrap text-muted tabular-nums">
          {job.progress} %
        </span>
      </div>
      <p className="h-4 truncate text-xs leading-4 text-muted" title={text || undefined}>
        {text}
      </p>
    </div>
  )
}
