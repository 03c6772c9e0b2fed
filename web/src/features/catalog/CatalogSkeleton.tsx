import { Skeleton } from '@/ui/Skeleton'
import { CatalogGrid } from './CatalogGrid'

const CARDS = Array.from({ length: 6 }, (_, index) => index)

export function CatalogSkeleton() {
  return (
    <div role="status" aria-label="Loading the catalog">
      <CatalogGrid>
        {CARDS.map((card) => (
          <li key={card} className="flex h-46 flex-col gap-3 rounded-xl border border-line bg-surface p-4">
            <div className="flex gap-3">
              <Skeleton className="size-10 rounded-xl" />
              <Skeleton className="h-5 w-32" />
            </div>
            <Skeleton className="h-4 w-full" />
            <Skeleton className="h-4 w-2/3" />
          </li>
        ))}
      </CatalogGrid>
    </div>
  )
}
