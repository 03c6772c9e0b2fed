import { Link } from '@tanstack/react-router'
import type { Job } from '@/api/types'

export function JobTypeCell({ job, title }: { job: Job; title: string }) {
  return (
    <div className="min-w-0">
      <Link
        to="/jobs/$jobId"
        params={{ jobId: job.job_id }}
        className="block truncate rounded font-medium hover:text-brand"
      >
        {title}
      </Link>
      <p className="truncate text-xs text-muted">
        {job.item ? `${job.item.id}@${job.item.version}` : job.type}
      </p>
    </div>
  )
}
