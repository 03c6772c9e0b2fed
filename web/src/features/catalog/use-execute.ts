import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { executeItem } from '@/api/catalog'
import { jobKeys } from '@/api/jobs'
import type { FormData } from '@/form/validator'
import { showStarted } from '@/lib/started-toast'

/** Starts a run, at most one at a time, and leads to its row on the dashboard. */
export function useExecute(itemId: string, version: string, onStarted: () => void) {
  const navigate = useNavigate()
  const queryClient = useQueryClient()
  const busy = useRef(false)
  const mutation = useMutation({
    mutationFn: (data: FormData) => executeItem(itemId, version, data),
    onSuccess: ({ job_id }) => {
      onStarted()
      void queryClient.invalidateQueries({ queryKey: jobKeys.lists })
      showStarted(job_id)
      return navigate({ to: '/jobs', search: { highlight: job_id } })
    },
    onSettled: () => {
      busy.current = false
    },
  })
  // Two clicks can come before the button is shown as disabled.
  const run = (data: FormData) => {
    if (busy.current) return
    busy.current = true
    mutation.mutate(data)
  }
  return { run, reset: mutation.reset, isPending: mutation.isPending, error: mutation.error }
}
