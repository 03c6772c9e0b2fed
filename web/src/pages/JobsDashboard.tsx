import { getRouteApi, Link } from '@tanstack/react-router'
import { lazy, Suspense, useMemo, useState } from 'react'
import { isFiltered, toJobFilter, type JobsSearch } from '@/features/jobs/jobs-search'
import { FilterChips } from '@/features/jobs/list/FilterChips'
import { JobsList } from '@/features/jobs/list/JobsList'
import { StateFilter } from '@/features/jobs/list/StateFilter'
import { useTitle } from '@/lib/use-title'
import { Button } from '@/ui/Button'
import { buttonClass } from '@/ui/button-class'
import { EmptyState } from '@/ui/EmptyState'
import { PageHeader } from '@/ui/PageHeader'
import { SearchInput } from '@/ui/SearchInput'

const route = getRouteApi('/shell/jobs')
const NewJobDialog = lazy(() =>
  import('@/features/jobs/NewJobDialog').then((module) => ({ default: module.NewJobDialog })),
)

export default function JobsDashboard() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const filter = useMemo(() => toJobFilter(search), [search])
  const [creating, setCreating] = useState(false)
  useTitle('Jobs')

  // A changed filter starts at the first page again; typing replaces the history entry instead of adding one a letter.
  const change = (part: JobsSearch, replace = false) =>
    void navigate({ search: (before) => ({ ...before, page: undefined, ...part }), replace })
  const clear = () => void navigate({ search: { page_size: search.page_size } })
  const chips = [
    { label: 'Type', value: search.type ?? '', onRemove: () => change({ type: undefined }) },
    { label: 'By', value: search.requested_by ?? '', onRemove: () => change({ requested_by: undefined }) },
  ].filter((chip) => chip.value)

  return (
    <>
      <PageHeader
        title="Jobs"
        actions={
          <Button tone="primary" icon="plus" onClick={() => setCreating(true)}>
            New job
          </Button>
        }
      >
        Every run you may see, newest first.
      </PageHeader>
      <search aria-label="Jobs" className="mb-4 flex flex-wrap items-center gap-2">
        <SearchInput
          label="Search by id or type"
          value={search.search ?? ''}
          onChange={(text) => change({ search: text || undefined }, true)}
        />
        <StateFilter
          chosen={search.state ?? []}
          onChange={(state) => change({ state: state.length ? state : undefined })}
        />
        <FilterChips chips={chips} />
        {isFiltered(search) && (
          <Button tone="ghost" onClick={clear}>
            Clear
          </Button>
        )}
      </search>
      <JobsList
        filter={filter}
        highlight={search.highlight}
        onPage={(page) => void navigate({ search: (before) => ({ ...before, page }) })}
        onPageSize={(page_size) => change({ page_size })}
        empty={
          isFiltered(search) ? (
            <NothingFound onClear={clear} />
          ) : (
            <NoJobs onCreate={() => setCreating(true)} />
          )
        }
      />
      <Suspense>{creating && <NewJobDialog onClose={() => setCreating(false)} />}</Suspense>
    </>
  )
}

function NothingFound({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      icon="search"
      title="No job matches"
      actions={<Button onClick={onClear}>Clear the filters</Button>}
    >
      Try another word or state.
    </EmptyState>
  )
}

function NoJobs({ onCreate }: { onCreate: () => void }) {
  return (
    <EmptyState
      icon="jobs"
      title="Nothing has run yet"
      actions={
        <>
          <Link to="/catalog" className={buttonClass('primary')}>
            Choose from the catalog
          </Link>
          <Button onClick={onCreate}>Start a demo job</Button>
        </>
      }
    >
      Runs appear here with their progress as soon as someone starts one.
    </EmptyState>
  )
}
