import type { JobFilter } from '@/api/jobs'
import type { JobState } from '@/api/types'
import { asCount, asList, asText } from '@/lib/search-params'
import { JOB_STATES } from './job-states'

export interface JobsSearch {
  state?: JobState[]
  search?: string
  type?: string
  requested_by?: string
  page?: number
  page_size?: number
  /** The job to point at, after it was started from a form. */
  highlight?: string
}

export const DEFAULT_PAGE_SIZE = 20

export function validateJobsSearch(raw: Record<string, unknown>): JobsSearch {
  const wanted = asList(raw.state)
  const state = JOB_STATES.filter((one) => wanted.includes(one))
  return {
    state: state.length ? state : undefined,
    search: asText(raw.search),
    type: asText(raw.type),
    requested_by: asText(raw.requested_by),
    page: asCount(raw.page, 1_000_000),
    page_size: asCount(raw.page_size, 100),
    highlight: asText(raw.highlight),
  }
}

export function toJobFilter({ highlight: _highlight, ...filter }: JobsSearch): JobFilter {
  return { ...filter, page: filter.page ?? 1, page_size: filter.page_size ?? DEFAULT_PAGE_SIZE }
}

export function isFiltered({ state, search, type, requested_by }: JobsSearch): boolean {
  return Boolean(state || search || type || requested_by)
}
