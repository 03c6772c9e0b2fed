import { eventsSocketUrl, jobEvents } from '@/api/jobs'
import type { JobEvent, LogEvent } from '@/api/types'
import { LiveSocket, type LiveStatus } from '@/lib/live-socket'
import { appendLog, EMPTY_LOG, type LogContent } from './log-lines'

export interface FeedState {
  log: LogContent
  /** The last event was seen: nothing more will come. */
  complete: boolean
}

const POLL_MS = 3_000
const PAGE = 10_000

/**
 * All events of one job: what there is by asking (a long log comes in few large answers), what follows by socket,
 * resumed after the last event seen; and by asking again while there is no socket.
 */
export class JobFeed {
  state: FeedState = { log: EMPTY_LOG, complete: false }
  private seq = 0
  private stopped = false
  private socket: LiveSocket | null = null
  private poll = 0
  private frame = 0
  private waiting: LogEvent[] = []
  private readonly listeners = new Set<() => void>()

  constructor(
    private readonly jobId: string,
    private readonly onProgress: () => void,
  ) {}

  async start() {
    this.stopped = false
    await this.ask()
    if (this.stopped) return
    this.socket = new LiveSocket({
      url: () => eventsSocketUrl(this.jobId, this.seq),
      onMessage: (message) => this.receive(message as JobEvent | { type: 'ping' }),
      onStatus: (status) => this.changed(status),
    })
  }

  stop() {
    this.stopped = true
    this.socket?.stop()
    window.clearInterval(this.poll)
    cancelAnimationFrame(this.frame)
  }

  subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  private receive(message: JobEvent | { type: 'ping' }) {
    if (message.type === 'ping' || message.seq <= this.seq) return
    this.seq = message.seq
    if (message.type === 'log') this.waiting.push(message)
    else this.onProgress()
    if (!this.frame) this.frame = requestAnimationFrame(() => this.flush())
  }

  private flush(complete = this.state.complete) {
    cancelAnimationFrame(this.frame)
    this.frame = 0
    this.state = { log: appendLog(this.state.log, this.waiting), complete }
    this.waiting = []
    this.listeners.forEach((listener) => listener())
  }

  private changed(status: LiveStatus) {
    window.clearInterval(this.poll)
    if (status === 'reconnecting') this.poll = window.setInterval(() => void this.ask(), POLL_MS)
    if (status !== 'closed') return
    this.flush(true)
    this.onProgress()
  }

  private async ask() {
    try {
      let events: JobEvent[]
      do {
        // Each page begins where the one before ended.
        // oxlint-disable-next-line no-await-in-loop
        events = await jobEvents(this.jobId, this.seq, PAGE)
        events.forEach((event) => this.receive(event))
      } while (events.length === PAGE && !this.stopped)
    } catch {
      // The next turn, or the socket, tries again; the indicator in the header already tells.
    }
  }
}
