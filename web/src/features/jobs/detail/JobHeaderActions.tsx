import { Link, useNavigate } from '@tanstack/react-router'
import type { Job } from '@/api/types'
import { Button } from '@/ui/Button'
import { buttonClass } from '@/ui/button-class'
import { Icon } from '@/ui/Icon'
import { STATES } from '../job-states'
import { useJobActions } from '../use-job-actions'

export function JobHeaderActions({ job }: { job: Job }) {
  const navigate = useNavigate()
  const { retry, cancel } = useJobActions(
    job.job_id,
    (jobId) => void navigate({ to: '/jobs/$jobId', params: { jobId } }),
  )
  const { can, final } = STATES[job.state]
  return (
    <div className="flex flex-wrap items-center gap-2">
      {can.cancel && (
        <Button tone="danger" pending={cancel.isPending || cancel.isSuccess} onClick={() => cancel.mutate()}>
          {cancel.isSuccess ? 'Cancelling…' : 'Cancel'}
        </Button>
      )}
      {final && job.item && (
        <Link
          to="/catalog/$itemId"
          params={{ itemId: job.item.id }}
          search={{ version: job.item.version, from: job.job_id }}
          className={buttonClass()}
        >
          <Icon name="edit" />
          Run again with changes
        </Link>
      )}
      {can.retry && (
        <Button tone="primary" icon="retry" pending={retry.isPending} onClick={() => retry.mutate()}>
          Retry
        </Button>
      )}
    </div>
  )
}
