import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { toApiError } from '@/api/errors'
import { jobListQuery, type JobFilter } from '@/api/jobs'
import { useMedia } from '@/lib/use-media'
import { Button } from '@/ui/Button'
import { ErrorPanel } from '@/ui/ErrorPanel'
import { Pagination } from '@/ui/Pagination'
import { usePollWhileNotLive } from '../live/live-context'
import { JobCards } from './JobCards'
import { JobsSkeleton } from './JobsSkeleton'
import { JobsTable } from './JobsTable'
import { NewJobsPill } from './NewJobsPill'
import { useNewJobs } from './use-new-jobs'

interface JobsListProps {
  filter: JobFilter
  highlight?: string
  empty: ReactNode
  onPage: (page: number) => void
  onPageSize: (size: number) => void
}

export function JobsList({ filter, highlight, empty, onPage, onPageSize }: JobsListProps) {
  const refetchInterval = usePollWhileNotLive()
  const jobs = useQuery({ ...jobListQuery(filter), refetchInterval, placeholderData: keepPreviousData })
  const newJobs = useNewJobs(filter, jobs.data?.items, jobs.data ? jobs.dataUpdatedAt : 0)
  const wide = useMedia('(min-width: 64rem)')

  if (!jobs.data && jobs.error) {
    const { title, detail, requestId } = toApiError(jobs.error)
    const again = (
      <Button tone="primary" icon="retry" pending={jobs.isFetching} onClick={() => void jobs.refetch()}>
        Try again
      </Button>
    )
    return <ErrorPanel title={title} detail={detail} requestId={requestId} actions={again} />
  }
  const Rows = wide ? JobsTable : JobCards
  const busy = jobs.isPlaceholderData
  return (
    <>
      <NewJobsPill count={newJobs} onShow={() => void jobs.refetch()} />
      <div
        aria-busy={busy}
        className={`overflow-hidden rounded-xl border border-line bg-surface shadow-card transition-opacity ${busy ? 'opacity-60' : ''}`}
      >
        {!jobs.data && <JobsSkeleton wide={wide} />}
        {jobs.data && jobs.data.items.length > 0 && <Rows jobs={jobs.data.items} highlight={highlight} />}
        {jobs.data && jobs.data.items.length === 0 && empty}
      </div>
      {jobs.data && jobs.data.total > 0 && (
        <div className="mt-4">
          <Pagination
            page={filter.page}
            pageSize={filter.page_size}
            total={jobs.data.total}
            onPage={onPage}
            onPageSize={onPageSize}
          />
        </div>
      )}
    </>
  )
}
