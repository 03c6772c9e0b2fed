import { expect, it } from 'vitest'
import type { LogEvent } from '@/api/types'
import { appendLog, EMPTY_LOG } from './log-lines'

const event = (text: string): LogEvent => ({
  type: 'log',
  seq: 1,
  ts: '2026-11-01T10:00:00Z',
  level: 'info',
  stream: 'stdout',
  text,
})
const lines = (count: number) => Array.from({ length: count }, (_, index) => event(`line ${index + 1}`))

it('numbers lines through, whatever an event carries', () => {
  const log = appendLog(appendLog(EMPTY_LOG, [event('a\nb\n')]), [event('c')])
  expect(log.chunks.flatMap((chunk) => chunk.lines.map(({ n, text }) => `${n} ${text}`))).toEqual([
    '1 a',
    '2 b',
    '3 c',
  ])
})

it('leaves full chunks as they are, so that they are not drawn again', () => {
  const before = appendLog(EMPTY_LOG, lines(1_200))
  const after = appendLog(before, lines(10))
  expect(after.chunks.map((chunk) => chunk.lines.length)).toEqual([500, 500, 210])
  expect(after.chunks[0]).toBe(before.chunks[0])
  expect(after.chunks[1]).toBe(before.chunks[1])
  expect(new Set(after.chunks.map(({ id }) => id)).size).toBe(3)
})

it('drops the beginning of an endless log, and says how much', () => {
  let log = EMPTY_LOG
  for (let i = 0; i < 11; i += 1) log = appendLog(log, lines(10_000))
  expect(log.total).toBe(110_000)
  expect(log.dropped).toBe(10_000)
  expect(log.chunks[0]?.lines[0]?.n).toBe(10_001)
})
