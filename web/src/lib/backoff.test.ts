import { expect, it } from 'vitest'
import { retryDelay } from './backoff'

it('grows, stays below its cap, and never is nothing', () => {
  const longest = [0, 1, 2, 3].map((attempt) => retryDelay(attempt, () => 1))
  expect(longest).toEqual([600, 1100, 2100, 4100])
  expect(retryDelay(30, () => 1)).toBe(30_100)
  expect(retryDelay(5, () => 0)).toBe(100)
})
