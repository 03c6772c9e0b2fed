import type { QueryClient } from '@tanstack/react-query'
import { jobKeys, jobsSocketUrl } from '@/api/jobs'
import type { Job, JobsMessage } from '@/api/types'
import { LiveSocket, type LiveStatus } from '@/lib/live-socket'
import { patchJobs } from './patch-jobs'

type Listener = (jobs: Job[]) => void

/** The one socket of a tab that tells of all jobs. Changes are collected and shown once per frame. */
export class LiveJobs {
  status: LiveStatus = 'connecting'
  private socket: LiveSocket | null = null
  private seq: number | null = null
  private frame = 0
  private readonly waiting = new Map<string, Job>()
  private readonly jobListeners = new Set<Listener>()
  private readonly statusListeners = new Set<() => void>()

  constructor(
    private readonly queryClient: QueryClient,
    private readonly onSignedOut: () => void,
  ) {}

  start() {
    this.socket = new LiveSocket({
      url: () => jobsSocketUrl(this.seq),
      // Without a number to resume from, changes between the list's answer and this moment would be lost.
      onOpen: () => this.seq === null && this.refetch(),
      onMessage: (message) => this.receive(message as JobsMessage),
      onStatus: (status) => this.setStatus(status),
      onSignedOut: this.onSignedOut,
    })
  }

  stop() {
    this.socket?.stop()
    cancelAnimationFrame(this.frame)
    this.waiting.clear()
  }

  subscribe = (listener: Listener) => {
    this.jobListeners.add(listener)
    return () => void this.jobListeners.delete(listener)
  }

  subscribeStatus = (listener: () => void) => {
    this.statusListeners.add(listener)
    return () => void this.statusListeners.delete(listener)
  }

  private receive(message: JobsMessage) {
    if (typeof message.seq === 'number') this.seq = message.seq
    if (message.type === 'reset') this.refetch()
    if (message.type !== 'job') return
    if (this.waiting.size === 0) this.frame = requestAnimationFrame(() => this.flush())
    this.waiting.set(message.job.job_id, message.job)
  }

  private flush() {
    const changed = new Map(this.waiting)
    this.waiting.clear()
    patchJobs(this.queryClient, changed)
    this.jobListeners.forEach((listener) => listener([...changed.values()]))
  }

  private refetch() {
    void this.queryClient.invalidateQueries({ queryKey: jobKeys.all })
  }

  private setStatus(status: LiveStatus) {
    this.status = status
    this.statusListeners.forEach((listener) => listener())
  }
}
