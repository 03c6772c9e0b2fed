import { Skeleton } from '@/ui/Skeleton'

export function RoutePending() {
  return (
    <div role="status" aria-label="Loading" className="space-y-4">
      <Skeleton className="h-7 w-56" />
      <Skeleton className="h-4 w-80 max-w-full" />
      <Skeleton className="mt-6 h-64 w-full" />
    </div>
  )
}
