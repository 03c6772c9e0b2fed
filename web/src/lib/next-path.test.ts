import { expect, it } from 'vitest'
import { safeNext } from './next-path'

it('goes where one wanted to go', () => {
  expect(safeNext('/ui/jobs/1?x=y#L3')).toBe('/jobs/1?x=y#L3')
})

it.each([
  undefined,
  '',
  'https://evil.example/ui/jobs',
  '//evil.example/ui/',
  '/\\evil.example',
  'javascript:alert(1)',
  '/docs',
  '/ui/../docs',
  '/ui/sign-in',
  '/ui/',
])('takes %s for the catalog', (next) => {
  expect(safeNext(next)).toBe('/catalog')
})
