import { useMutation, useQueryClient } from '@tanstack/react-query'
import { sentence } from '@/api/errors'
import { cancelJob, jobKeys, retryJob } from '@/api/jobs'
import { showStarted } from '@/lib/started-toast'
import { showToast } from '@/lib/toasts'

const onError = (error: unknown) => void showToast({ tone: 'bad', text: sentence(error) })

/** Retry and cancel, with their feedback. `onRetried` gets the new job's id. */
export function useJobActions(id: string, onRetried?: (newId: string) => void) {
  const queryClient = useQueryClient()
  const refresh = () => queryClient.invalidateQueries({ queryKey: jobKeys.all })

  const retry = useMutation({
    mutationFn: () => retryJob(id),
    onError,
    onSuccess: (created) => {
      showStarted(created.job_id, 'Started again')
      onRetried?.(created.job_id)
      return refresh()
    },
  })
  const cancel = useMutation({ mutationFn: () => cancelJob(id), onError, onSuccess: refresh })
  return { retry, cancel }
}
