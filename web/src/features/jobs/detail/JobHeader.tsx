import { Link } from '@tanstack/react-router'
import type { Job } from '@/api/types'
import { Icon } from '@/ui/Icon'
import { ProgressBar } from '@/ui/ProgressBar'
import { STATES } from '../job-states'
import { useJobTitle } from '../job-titles'
import { StateBadge } from '../StateBadge'
import { JobHeaderActions } from './JobHeaderActions'

export function JobHeader({ job }: { job: Job }) {
  const title = useJobTitle()(job)
  const text = job.queue ? `Number ${job.queue.position} in the queue: ${job.queue.reason}` : job.message
  return (
    <header className="mb-6 space-y-4">
      <Link to="/jobs" className="inline-flex items-center gap-1 rounded text-muted hover:text-fg">
        <Icon name="left" className="size-3.5" />
        Jobs
      </Link>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1.5">
          <h1 className="text-xl font-semibold tracking-tight sm:text-2xl">{title}</h1>
          {job.item && (
            <Link
              to="/catalog/$itemId"
              params={{ itemId: job.item.id }}
              search={{ version: job.item.version }}
              className="rounded font-mono text-[0.8125rem] text-muted hover:text-brand hover:underline"
            >
              {job.item.id}@{job.item.version}
            </Link>
          )}
          <span role="status">
            <StateBadge state={job.state} />
          </span>
        </div>
        <JobHeaderActions job={job} />
      </div>
      <div className="space-y-1.5">
        <div className="flex items-center gap-3">
          <ProgressBar value={job.progress} tone={STATES[job.state].bar} label="Progress" className="h-2" />
          <span className="w-12 text-right whitespace-nowrap font-medium tabular-nums">{job.progress} %</span>
        </div>
        <p className="min-h-5 text-muted">{text}</p>
      </div>
    </header>
  )
}
