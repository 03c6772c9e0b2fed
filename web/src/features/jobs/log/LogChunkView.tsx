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

export const LogChunkView = memo(function LogChunkView({ chunk }: { chunk: LogChunk }) {
  return (
    <div className="log-chunk" style={{ '--chunk-height': `${chunk.lines.length * 1.5}rem` }}>
      {chunk.lines.map((line) => (
        <LogLineView key={line.n} line={line} />
      ))}
    </div>
  )
})

function LogLineView({ line }: { line: LogLine }) {
  const anchor = `L${line.n}`
  return (
    <div id={anchor} className={`log-line ${LEVELS[line.level] ?? ''}`}>
      <a href={`#${anchor}`} aria-label={`Line ${line.n}`} className="log-number" data-n={line.n} />
      <span className="log-text" data-time={clock(line.ts)}>
        {parseAnsi(line.text).map(({ text, className }, index) =>
          className ? (
            <span key={index} className={className}>
              {text}
            </span>
          ) : (
            text
          ),
        )}
      </span>
    </div>
  )
}
