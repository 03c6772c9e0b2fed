import type { LogEvent } from '@/api/types'

export interface LogLine {
  n: number
  ts: string
  level: string
  text: string
}

/** A chunk is laid out, skipped and re-rendered as a whole. */
export interface LogChunk {
  id: number
  lines: readonly LogLine[]
}

const CHUNK_LINES = 500
const MAX_LINES = 100_000

export interface LogContent {
  chunks: readonly LogChunk[]
  total: number
  /** Lines dropped from the beginning; the raw log still has them. */
  dropped: number
}

export const EMPTY_LOG: LogContent = { chunks: [], total: 0, dropped: 0 }

/** Adds lines without touching full chunks, so that only the last one is rendered again. */
export function appendLog(log: LogContent, events: LogEvent[]): LogContent {
  if (events.length === 0) return log
  const chunks = [...log.chunks]
  let total = log.total
  let open: LogLine[] = []
  const last = chunks.at(-1)
  if (last && last.lines.length < CHUNK_LINES) {
    open = [...last.lines]
    chunks.pop()
  }
  for (const { ts, level, text } of events) {
    for (const line of text.replace(/\n$/, '').split('\n')) {
      total += 1
      open.push({ n: total, ts, level, text: line })
      if (open.length === CHUNK_LINES) {
        chunks.push({ id: Math.floor((total - 1) / CHUNK_LINES), lines: open })
        open = []
      }
    }
  }
  if (open.length > 0) chunks.push({ id: Math.floor((total - 1) / CHUNK_LINES), lines: open })
  const surplus = Math.max(0, chunks.length - MAX_LINES / CHUNK_LINES)
  return { chunks: chunks.slice(surplus), total, dropped: log.dropped + surplus * CHUNK_LINES }
}
