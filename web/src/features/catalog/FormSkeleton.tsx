import { Skeleton } from '@/ui/Skeleton'

const FIELDS = [0, 1, 2]

export function FormSkeleton() {
  return (
    <div role="status" aria-label="Loading the form" className="space-y-6 p-5">
      {FIELDS.map((field) => (
        <div key={field} className="space-y-2">
          <Skeleton className="h-4 w-28" />
          <Skeleton className="h-9 w-full" />
        </div>
      ))}
    </div>
  )
}
