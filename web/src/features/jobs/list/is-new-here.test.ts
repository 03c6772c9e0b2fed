import { expect, it } from 'vitest'
import { makeJob } from '@/test/data'
import { isNewHere } from './is-new-here'

const first = makeJob({ job_id: '5' })
const last = makeJob({ job_id: '3' })
const full = { page: 1, page_size: 2 }

it('counts a job newer than the page', () => {
  expect(isNewHere(makeJob({ job_id: '6' }), full, [first, last])).toBe(true)
})

it('leaves alone what is shown, what is older than a full page, and other pages', () => {
  expect(isNewHere(first, full, [first, last])).toBe(false)
  expect(isNewHere(makeJob({ job_id: '2' }), full, [first, last])).toBe(false)
  expect(isNewHere(makeJob({ job_id: '6' }), { ...full, page: 2 }, [first, last])).toBe(false)
})

it('takes anything that fits on a page that is not full', () => {
  expect(isNewHere(makeJob({ job_id: '2' }), { page: 1, page_size: 20 }, [first, last])).toBe(true)
})

it.each([
  [{ state: ['FAILED' as const] }, false],
  [{ state: ['RUNNING' as const] }, true],
  [{ search: 'LONG' }, true],
  [{ search: 'csv' }, false],
  [{ type: 'example' }, false],
  [{ requested_by: 'grace' }, false],
])('asks the filter %j', (part, expected) => {
  expect(isNewHere(makeJob({ job_id: '6' }), { ...full, ...part }, [first])).toBe(expected)
})
