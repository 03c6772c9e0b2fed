import { Link } from '@tanstack/react-router'
import type { Job } from '@/api/types'
import { Button } from '@/ui/Button'
import { buttonClass } from '@/ui/button-class'
import { STATES } from './job-states'
import { useJobActions } from './use-job-actions'

/** What can be done from a row. A cancelled job stays "Cancelling…" until its processes are seen dead. */
export function JobActions({ job }: { job: Job }) {
  const { retry, cancel } = useJobActions(job.job_id)
  const { can } = STATES[job.state]
  const name = `job ${job.job_id}`
  return (
    <div className="flex items-center justify-end gap-1.5">
      {can.retry && (
        <Button
          size="sm"
          icon="retry"
          aria-label={`Retry ${name}`}
          pending={retry.isPending}
          onClick={() => retry.mutate()}
        >
          Retry
        </Button>
      )}
      {can.cancel && (
        <Button
          size="sm"
          tone="danger"
          aria-label={`Cancel ${name}`}
          pending={cancel.isPending || cancel.isSuccess}
          onClick={() => cancel.mutate()}
        >
          Cancel
        </Button>
      )}
      <Link
        to="/jobs/$jobId"
        params={{ jobId: job.job_id }}
        aria-label={`View ${name}`}
        className={buttonClass('secondary', 'sm')}
      >
        View
      </Link>
    </div>
  )
}
