import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { randomId } from '@/lib/random-id'
import { api, unwrap } from './client'
import type { Job, JobEvent, JobState } from './types'

export interface JobFilter {
  state?: JobState[]
  search?: string
  type?: string
  requested_by?: string
  page: number
  page_size: number
}

export const jobKeys = {
  all: ['jobs'] as const,
  lists: ['jobs', 'list'] as const,
  list: (filter: JobFilter) => ['jobs', 'list', filter] as const,
  detail: (id: string) => ['jobs', 'detail', id] as const,
}

export const jobListQuery = (filter: JobFilter) =>
  queryOptions({
    queryKey: jobKeys.list(filter),
    queryFn: ({ signal }) => unwrap(api.GET('/jobs', { params: { query: filter }, signal })),
    placeholderData: keepPreviousData,
    // Rows are patched live, but which rows belong on a page only the API knows.
    staleTime: 0,
  })

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: jobKeys.detail(id),
    queryFn: ({ signal }) => unwrap(api.GET('/jobs/{job_id}', { params: { path: { job_id: id } }, signal })),
  })

export const reportTypesQuery = () =>
  queryOptions({
    queryKey: ['report-types'],
    queryFn: ({ signal }) => unwrap(api.GET('/report-types', { signal })),
  })

/** The path also offers a stream, which OpenAPI has no type for; asked for as JSON it answers a list. */
export const jobEvents = (id: string, after: number, limit: number) =>
  unwrap(
    api.GET('/jobs/{job_id}/events', { params: { path: { job_id: id }, query: { after, limit } } }),
  ) as Promise<JobEvent[]>

export const createJob = (report_type: string, parameters: Job['parameters']) =>
  unwrap(
    api.POST('/jobs', {
      body: { report_type, parameters },
      // The same key makes a repeated request (a retry by the browser or a proxy) start no second job.
      headers: { 'Idempotency-Key': randomId() },
    }),
  )

export const retryJob = (id: string) =>
  unwrap(api.POST('/jobs/{job_id}/retry', { params: { path: { job_id: id } }, body: {} }))

export const cancelJob = (id: string) =>
  unwrap(api.POST('/jobs/{job_id}/cancel', { params: { path: { job_id: id } } }))

const below = (id: string) => `/jobs/${encodeURIComponent(id)}`

export const logsUrl = (id: string) => `${below(id)}/logs`
export const artifactUrl = (id: string, name: string) => `${below(id)}/artifacts/${encodeURIComponent(name)}`
export const eventsSocketUrl = (id: string, after: number) => `/ws${below(id)}?after=${after}`
export const jobsSocketUrl = (since: number | null) =>
  since === null ? '/ws/jobs' : `/ws/jobs?since=${since}`
