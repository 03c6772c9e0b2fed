import { Skeleton } from '@/ui/Skeleton'
import { JobsTableFrame } from './JobsTableFrame'

const ROWS = Array.from({ length: 8 }, (_, index) => index)

export function JobsSkeleton({ wide }: { wide: boolean }) {
  return (
    <div role="status" aria-label="Loading the jobs">
      {wide ? (
        <JobsTableFrame>
          {ROWS.map((row) => (
            <tr key={row} className="h-15">
              <td className="pl-4">
                <Skeleton className="h-4 w-20" />
              </td>
              <td>
                <Skeleton className="h-4 w-36" />
              </td>
              <td>
                <Skeleton className="h-6 w-24 rounded-full" />
              </td>
              <td className="pr-6">
                <Skeleton className="h-1.5 w-full" />
              </td>
              <td className="max-lg:hidden">
                <Skeleton className="h-4 w-16" />
              </td>
              <td>
                <Skeleton className="h-4 w-16" />
              </td>
              <td className="pr-4">
                <Skeleton className="ml-auto h-7 w-14" />
              </td>
            </tr>
          ))}
        </JobsTableFrame>
      ) : (
        ROWS.map((row) => (
          <div key={row} className="h-38 space-y-4 border-b border-line p-4">
            <Skeleton className="h-5 w-40" />
            <Skeleton className="h-1.5 w-full" />
            <Skeleton className="h-4 w-24" />
          </div>
        ))
      )}
    </div>
  )
}
