import type { Job } from '@/api/types'
import { duration } from '@/lib/time'
import { useTick } from '@/lib/use-now'

/** Time spent waiting and running; both clocks tick while they run. */
export function Durations({ job }: { job: Job }) {
  const now = useTick()
  const end = job.finished_at ? Date.parse(job.finished_at) : now
  const started = job.started_at ? Date.parse(job.started_at) : null
  return (
    <>
      <dt>Waited</dt>
      <dd className="tabular-nums">{duration((started ?? end) - Date.parse(job.created_at))}</dd>
      {started !== null && (
        <>
          <dt>Ran for</dt>
          <dd className="tabular-nums">{duration(end - started)}</dd>
        </>
      )}
    </>
  )
}
