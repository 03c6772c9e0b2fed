import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Job } from '@/api/types'
import { shortDigest, shortId } from '@/lib/format'
import { Card } from '@/ui/Card'
import { CopyButton } from '@/ui/CopyButton'
import { RelativeTime } from '@/ui/RelativeTime'
import { Durations } from './Durations'

export function JobFacts({ job }: { job: Job }) {
  return (
    <Card title="Details">
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 p-4 [&_dd]:flex [&_dd]:min-w-0 [&_dd]:items-center [&_dd]:justify-end [&_dt]:text-muted">
        <Fact name="Id">
          <span className="font-mono text-[0.8125rem]" title={job.job_id}>
            {shortId(job.job_id)}
          </span>
          <CopyButton text={job.job_id} label="Copy the job id" />
        </Fact>
        <Fact name="Requested by">{job.requested_by}</Fact>
        <Fact name="Created">
          <RelativeTime iso={job.created_at} />
        </Fact>
        {job.started_at && (
          <Fact name="Started">
            <RelativeTime iso={job.started_at} />
          </Fact>
        )}
        {job.finished_at && (
          <Fact name="Finished">
            <RelativeTime iso={job.finished_at} />
          </Fact>
        )}
        <Durations job={job} />
        <Fact name="Attempt">
          {job.attempt} of {job.max_attempts}
        </Fact>
        {job.retry_of && (
          <Fact name="Retry of">
            <Link
              to="/jobs/$jobId"
              params={{ jobId: job.retry_of }}
              className="rounded font-mono text-[0.8125rem] text-brand hover:underline"
            >
              {shortId(job.retry_of)}
            </Link>
          </Fact>
        )}
        {job.item && (
          <Fact name="Digest">
            <span className="font-mono text-[0.8125rem]" title={job.item.digest}>
              {shortDigest(job.item.digest)}
            </span>
          </Fact>
        )}
      </dl>
    </Card>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}
