import { useQuery } from '@tanstack/react-query'
import { toApiError } from '@/api/errors'
import { reportTypesQuery } from '@/api/jobs'
import { Button } from '@/ui/Button'
import { Dialog } from '@/ui/Dialog'
import { ErrorPanel } from '@/ui/ErrorPanel'
import { Skeleton } from '@/ui/Skeleton'
import { NewJobForm } from './NewJobForm'

export function NewJobDialog({ onClose }: { onClose: () => void }) {
  const types = useQuery(reportTypesQuery())
  return (
    <Dialog title="New job" onClose={onClose}>
      {types.data && <NewJobForm types={types.data} onClose={onClose} />}
      {types.isPending && (
        <div className="h-104 space-y-4 p-5">
          <Skeleton className="h-9 w-full" />
          <Skeleton className="h-56 w-full" />
        </div>
      )}
      {types.error && (
        <ErrorPanel
          title={toApiError(types.error).title}
          detail={toApiError(types.error).detail}
          actions={<Button onClick={() => void types.refetch()}>Try again</Button>}
        />
      )}
    </Dialog>
  )
}
