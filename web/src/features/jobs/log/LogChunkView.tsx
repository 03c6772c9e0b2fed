import { memo } from 'react'
import { parseAnsi } from '@/lib/ansi'
import { clock } from '@/lib/time'
import type { LogChunk, LogLine } from './log-lines'

const LEVELS: Record<string, string> = {
  error: 'log-error',
  critical: 'log-error',
  warning: 'log-warning',
  debug: 'log-debug',
  system: 'log-system',
}

export const LogChunkView = memo(function LogChunkView({
  chunk,
  times,
}: {
  chunk: LogChunk
  times: boolean
}) {
  return (
    <div className="log-chunk" style={{ '--chunk-height': `${chunk.lines.length * 1.5}rem` }}>
      {chunk.lines.map((line) => (
        <LogLineView key={line.n} line={line} times={times} />
      ))}
    </div>
  )
})

function LogLineView({ line, times }: { line: LogLine; times: boolean }) {
  const anchor = `L${line.n}`
  return (
    <div id={anchor} className={`log-line ${LEVELS[line.level] ?? ''}`}>
      <a href={`#${anchor}`} aria-label={`Line ${line.n}`} className="log-number" data-n={line.n} />
      {times && <span className="log-time">{clock(line.ts)}</span>}
      <span className="log-text">
        {parseAnsi(line.text).map(({ text, className }, index) =>
          className ? (
            <span key={index} className={className}>
              {text}
            </span>
          ) : (
            text
          ),
        )}
        {'\n'}
      </span>
    </div>
  )
}
