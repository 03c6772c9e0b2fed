import { retryDelay } from './backoff'

export type LiveStatus = 'connecting' | 'live' | 'reconnecting' | 'offline' | 'closed'

interface LiveSocketOptions {
  /** Asked before every attempt, so that a reconnect resumes after the last message seen. */
  url: () => string
  onMessage: (message: unknown) => void
  onStatus?: (status: LiveStatus) => void
  onOpen?: () => void
  /** The session has ended: trying again is useless. */
  onSignedOut?: () => void
}

/** A connection counts as good, and the delay starts small again, only after this long. */
const HEALTHY_AFTER_MS = 5_000
/** The server sends something at least every 20 s; browsers cannot see protocol pings. */
const SILENCE_MS = 45_000
const CLOSE_NORMAL = 1000
const CLOSE_SIGNED_OUT = 4401

/** A WebSocket that comes back by itself until `stop()` or until the server says it is finished (1000). */
export class LiveSocket {
  private socket: WebSocket | null = null
  private attempt = 0
  private stopped = false
  private readonly timers: Record<'retry' | 'healthy' | 'silence', number> = {
    retry: 0,
    healthy: 0,
    silence: 0,
  }

  constructor(private readonly options: LiveSocketOptions) {
    window.addEventListener('online', this.hurry)
    window.addEventListener('offline', this.lost)
    document.addEventListener('visibilitychange', this.hurry)
    this.connect()
  }

  stop() {
    this.stopped = true
    window.removeEventListener('online', this.hurry)
    window.removeEventListener('offline', this.lost)
    document.removeEventListener('visibilitychange', this.hurry)
    Object.values(this.timers).forEach(clearTimeout)
    this.drop()
  }

  private connect() {
    this.report(this.attempt === 0 ? 'connecting' : 'reconnecting')
    const url = new URL(this.options.url(), window.location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(url)
    this.socket = socket
    socket.addEventListener('open', () => this.opened(socket))
    socket.addEventListener('message', (event) => this.received(socket, event))
    socket.addEventListener('close', (event) => this.closed(socket, event.code))
  }

  private opened(socket: WebSocket) {
    if (socket !== this.socket) return
    this.report('live')
    this.timers.healthy = window.setTimeout(() => (this.attempt = 0), HEALTHY_AFTER_MS)
    this.watchSilence()
    this.options.onOpen?.()
  }

  private received(socket: WebSocket, event: MessageEvent) {
    if (socket !== this.socket) return
    this.watchSilence()
    this.options.onMessage(JSON.parse(String(event.data)))
  }

  private closed(socket: WebSocket, code: number) {
    if (socket !== this.socket) return
    if (code === CLOSE_NORMAL || code === CLOSE_SIGNED_OUT) {
      this.stop()
      this.options.onStatus?.('closed')
      if (code === CLOSE_SIGNED_OUT) this.options.onSignedOut?.()
      return
    }
    this.again()
  }

  private again() {
    this.drop()
    clearTimeout(this.timers.healthy)
    clearTimeout(this.timers.silence)
    this.report(navigator.onLine ? 'reconnecting' : 'offline')
    const delay = retryDelay(this.attempt)
    this.attempt += 1
    clearTimeout(this.timers.retry)
    this.timers.retry = window.setTimeout(() => this.connect(), delay)
  }

  private watchSilence() {
    clearTimeout(this.timers.silence)
    this.timers.silence = window.setTimeout(() => this.again(), SILENCE_MS)
  }

  /** Back online or back in front of someone: no reason to wait for the next try. */
  private readonly hurry = () => {
    if (this.socket || this.stopped || document.visibilityState === 'hidden') return
    clearTimeout(this.timers.retry)
    this.connect()
  }

  private readonly lost = () => {
    if (!this.stopped) this.again()
  }

  private drop() {
    const socket = this.socket
    this.socket = null
    socket?.close()
  }

  private report(status: LiveStatus) {
    if (!this.stopped) this.options.onStatus?.(status)
  }
}
