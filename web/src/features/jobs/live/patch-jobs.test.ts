import { QueryClient } from '@tanstack/react-query'
import { expect, it } from 'vitest'
import { jobKeys } from '@/api/jobs'
import type { Job, JobPage } from '@/api/types'
import { makeJob } from '@/test/data'
import { patchJobs } from './patch-jobs'

const filter = { page: 1, page_size: 20 }
const a = makeJob({ job_id: 'a' })
const b = makeJob({ job_id: 'b' })

function clientWith(...items: Job[]) {
  const client = new QueryClient()
  client.setQueryData<JobPage>(jobKeys.list(filter), { items, total: items.length, page: 1, page_size: 20 })
  const patch = (job: Job) => patchJobs(client, new Map([[job.job_id, job]]))
  const ids = () => client.getQueryData<JobPage>(jobKeys.list(filter))?.items
  return { client, patch, ids }
}

it('changes the row where it stands', () => {
  const { patch, ids } = clientWith(a, b)
  patch({ ...b, progress: 80, updated_at: '2026-11-01T10:01:00.000Z' })
  expect(ids()?.map(({ job_id, progress }) => [job_id, progress])).toEqual([
    ['a', 20],
    ['b', 80],
  ])
})

it('does not go back to an older message', () => {
  const { patch, ids } = clientWith({ ...a, progress: 60, updated_at: '2026-11-01T10:05:00.000Z' })
  patch({ ...a, progress: 40, updated_at: '2026-11-01T10:04:00.000Z' })
  expect(ids()?.[0]?.progress).toBe(60)
})

it('changes the job of an open page, and invents none', () => {
  const { client, patch } = clientWith(a)
  client.setQueryData(jobKeys.detail('a'), a)
  patch({ ...a, state: 'SUCCEEDED', updated_at: '2026-11-01T10:01:00.000Z' })
  patch({ ...b, updated_at: '2026-11-01T10:01:00.000Z' })
  expect(client.getQueryData<Job>(jobKeys.detail('a'))?.state).toBe('SUCCEEDED')
  expect(client.getQueryData(jobKeys.detail('b'))).toBeUndefined()
})

it('leaves a list that is out of date out of date', async () => {
  const { client, patch } = clientWith(a)
  await client.invalidateQueries({ queryKey: jobKeys.lists })
  patch({ ...b, updated_at: '2026-11-01T10:01:00.000Z' })
  expect(client.getQueryState(jobKeys.list(filter))?.isInvalidated).toBe(true)
})
