import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { catalogQuery } from '@/api/catalog'
import { toApiError } from '@/api/errors'
import { CatalogGrid } from '@/features/catalog/CatalogGrid'
import { CatalogSkeleton } from '@/features/catalog/CatalogSkeleton'
import type { CatalogSearch } from '@/features/catalog/catalog-search'
import { countTags, filterItems } from '@/features/catalog/filter-items'
import { ItemCard } from '@/features/catalog/ItemCard'
import { TagFilter } from '@/features/catalog/TagFilter'
import { plural } from '@/lib/format'
import { useTitle } from '@/lib/use-title'
import { Button } from '@/ui/Button'
import { EmptyState } from '@/ui/EmptyState'
import { ErrorPanel } from '@/ui/ErrorPanel'
import { PageHeader } from '@/ui/PageHeader'
import { SearchInput } from '@/ui/SearchInput'

const route = getRouteApi('/shell/catalog')

export default function Catalog() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const catalog = useQuery(catalogQuery())
  useTitle('Catalog')

  const change = (part: CatalogSearch) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true })
  const items = catalog.data?.items ?? []
  const found = filterItems(items, search)

  return (
    <>
      <PageHeader title="Catalog">
        What you can run here. Choose one, fill in its form, watch it work.
      </PageHeader>
      <search aria-label="Catalog" className="mb-5 space-y-3">
        <SearchInput
          label="Search the catalog"
          value={search.search ?? ''}
          delayMs={80}
          onChange={(text) => change({ search: text || undefined })}
        />
        <TagFilter
          tags={countTags(items)}
          chosen={search.tag ?? []}
          onChange={(tag) => change({ tag: tag.length ? tag : undefined })}
        />
      </search>
      <p role="status" className="sr-only">
        {catalog.data && plural(found.length, 'item')}
      </p>
      {catalog.isPending && <CatalogSkeleton />}
      {catalog.error && !catalog.data && (
        <ErrorPanel
          {...toApiError(catalog.error)}
          title={toApiError(catalog.error).title}
          actions={<Button onClick={() => void catalog.refetch()}>Try again</Button>}
        />
      )}
      {found.length > 0 && (
        <CatalogGrid>
          {found.map((item) => (
            <ItemCard key={item.item_id} item={item} />
          ))}
        </CatalogGrid>
      )}
      {catalog.data && found.length === 0 && (
        <CatalogEmpty filtered={items.length > 0} onClear={() => void navigate({ search: {} })} />
      )}
    </>
  )
}

function CatalogEmpty({ filtered, onClear }: { filtered: boolean; onClear: () => void }) {
  if (!filtered)
    return (
      <EmptyState icon="catalog" title="The catalog is empty">
        Put an item&apos;s folder below the catalog root and import it:{' '}
        <code>portal import local my-item</code>
      </EmptyState>
    )
  return (
    <EmptyState
      icon="search"
      title="Nothing matches"
      actions={<Button onClick={onClear}>Clear the search</Button>}
    >
      Try another word or fewer tags.
    </EmptyState>
  )
}
