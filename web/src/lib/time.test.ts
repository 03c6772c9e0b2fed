import { expect, it } from 'vitest'
import { ago, duration } from './time'

it.each([
  [0, '0.0 s'],
  [4_200, '4.2 s'],
  [59_999, '59 s'],
  [185_000, '3 min 05 s'],
  [7_440_000, '2 h 04 min'],
  [-5, '0.0 s'],
])('shows %d ms as %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

it('counts in the largest unit that fits', () => {
  const now = Date.parse('2026-11-02T12:00:00Z')
  expect(ago('2026-11-02T11:59:30Z', now)).toBe('just now')
  expect(ago('2026-11-02T11:57:00Z', now)).toBe('3 min. ago')
  expect(ago('2026-11-01T11:00:00Z', now)).toBe('yesterday')
})
