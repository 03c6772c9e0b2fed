import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { jobQuery } from '@/api/jobs'
import { Artifacts } from '@/features/jobs/detail/Artifacts'
import { JobErrorBox } from '@/features/jobs/detail/JobErrorBox'
import { JobFacts } from '@/features/jobs/detail/JobFacts'
import { JobHeader } from '@/features/jobs/detail/JobHeader'
import { useJobTitle } from '@/features/jobs/job-titles'
import { STATES } from '@/features/jobs/job-states'
import { usePollWhileNotLive } from '@/features/jobs/live/live-context'
import { LogViewer } from '@/features/jobs/log/LogViewer'
import { useJobFeed } from '@/features/jobs/log/use-job-feed'
import { ValueCard } from '@/features/jobs/result/ValueCard'
import { useTitle } from '@/lib/use-title'

const route = getRouteApi('/shell/jobs/$jobId')

export default function JobPage() {
  const { jobId } = route.useParams()
  // A new job gets a new page: feed, log and scroll position belong to one job.
  return <JobView key={jobId} jobId={jobId} />
}

function JobView({ jobId }: { jobId: string }) {
  const { data: job } = useSuspenseQuery(jobQuery(jobId))
  const { word, final } = STATES[job.state]
  const poll = usePollWhileNotLive()
  useQuery({ ...jobQuery(jobId), refetchInterval: final ? false : poll })
  const { log } = useJobFeed(jobId)
  useTitle(job.state === 'RUNNING' ? `${job.progress} %` : word, useJobTitle()(job))

  return (
    <>
      <JobHeader job={job} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0 space-y-6">
          {job.error && <JobErrorBox error={job.error} />}
          {job.state === 'SUCCEEDED' && job.result !== null && (
            <ValueCard title="Result" value={job.result} />
          )}
          {job.artifacts.length > 0 && <Artifacts jobId={jobId} artifacts={job.artifacts} />}
          <LogViewer jobId={jobId} log={log} running={!final} />
        </div>
        <div className="min-w-0 space-y-6">
          <JobFacts job={job} />
          <ValueCard title="Inputs" value={job.parameters} />
        </div>
      </div>
    </>
  )
}
