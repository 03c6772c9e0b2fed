import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { createJob, jobKeys } from '@/api/jobs'
import { showStarted } from '@/lib/started-toast'

interface NewJob {
  reportType: string
  parameters: Record<string, unknown>
}

/** Starts a job, says so and points at its row. Errors are shown by the form. */
export function useCreateJob(onCreated: () => void) {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: ({ reportType, parameters }: NewJob) => createJob(reportType, parameters),
    onSuccess: ({ job_id }) => {
      onCreated()
      showStarted(job_id)
      void queryClient.invalidateQueries({ queryKey: jobKeys.lists })
      return navigate({ to: '/jobs', search: { highlight: job_id } })
    },
  })
}
