import { useState } from 'react'
import { logsUrl } from '@/api/jobs'
import { plural } from '@/lib/format'
import { Card } from '@/ui/Card'
import { Icon } from '@/ui/Icon'
import { IconButton } from '@/ui/IconButton'
import { LogChunkView } from './LogChunkView'
import type { LogContent } from './log-lines'
import { useFollow } from './use-follow'

interface LogViewerProps {
  jobId: string
  log: LogContent
  running: boolean
}

/** From here on, leaving out of layout what is not in sight is worth its oddities. */
const LONG_LINES = 2_000

/** Plain text in the page: the browser's own find, selection and copy work on all of it. */
export function LogViewer({ jobId, log, running }: LogViewerProps) {
  const [wrap, setWrap] = useState(true)
  const [times, setTimes] = useState(false)
  const { box, following, follow, onScroll } = useFollow(log, running)
  return (
    <Card
      title={
        <>
          Log <span className="ml-1 font-normal text-muted">{plural(log.total, 'line')}</span>
        </>
      }
      actions={
        <>
          <IconButton icon="clock" label="Show times" aria-pressed={times} onClick={() => setTimes(!times)} />
          <IconButton
            icon="wrap"
            label="Wrap long lines"
            aria-pressed={wrap}
            onClick={() => setWrap(!wrap)}
          />
          <IconButton icon="follow" label="Follow the end" aria-pressed={following} onClick={follow} />
          <a
            href={logsUrl(jobId)}
            download={`${jobId}.log`}
            aria-label="Download the whole log"
            title="Download the whole log"
            className="inline-grid size-8 place-items-center rounded-lg text-muted hover:bg-idle-soft hover:text-fg"
          >
            <Icon name="download" />
          </a>
        </>
      }
    >
      <div
        ref={box}
        onScroll={onScroll}
        role="log"
        aria-label="Log"
        aria-live="off"
        tabIndex={0}
        data-wrap={wrap || undefined}
        data-times={times || undefined}
        data-long={log.total > LONG_LINES || undefined}
        className="log max-h-[min(36rem,70dvh)] min-h-24 overflow-auto rounded-b-xl bg-sunken py-2"
      >
        {log.dropped > 0 && (
          <p className="px-4 pb-2 text-muted">
            {plural(log.dropped, 'earlier line')} left out here; the download has all of them.
          </p>
        )}
        {log.total === 0 && (
          <p className="px-4 py-2 text-muted">
            {running ? 'Waiting for the first line…' : 'Nothing was logged.'}
          </p>
        )}
        {log.chunks.map((chunk) => (
          <LogChunkView key={chunk.id} chunk={chunk} />
        ))}
      </div>
    </Card>
  )
}
