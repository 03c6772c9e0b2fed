import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeSocket } from '@/test/fake-socket'
import { LiveSocket, type LiveStatus } from './live-socket'

let seen = 0
let statuses: LiveStatus[] = []
let signedOut = false
let socket: LiveSocket

function open() {
  socket = new LiveSocket({
    url: () => `/ws/jobs?since=${seen}`,
    onMessage: (message) => {
      seen = (message as { seq: number }).seq
    },
    onStatus: (status) => statuses.push(status),
    onSignedOut: () => {
      signedOut = true
    },
  })
}

beforeEach(() => {
  vi.useFakeTimers()
  vi.spyOn(Math, 'random').mockReturnValue(1)
  seen = 0
  statuses = []
  signedOut = false
  open()
})
afterEach(() => {
  socket.stop()
  vi.useRealTimers()
})

describe('LiveSocket', () => {
  it('connects to the same host by ws and reports being live', () => {
    expect(FakeSocket.last.url).toBe('ws://portal.test/ws/jobs?since=0')
    FakeSocket.last.open()
    expect(statuses).toEqual(['connecting', 'live'])
  })

  it('resumes after the last message it has seen', () => {
    FakeSocket.last.open()
    FakeSocket.last.send({ seq: 41 })
    FakeSocket.last.drop()
    vi.advanceTimersByTime(700)
    expect(FakeSocket.all).toHaveLength(2)
    expect(FakeSocket.last.url).toContain('since=41')
  })

  it('waits longer each time when the server accepts and then fails', () => {
    const waits = [600, 1100, 2100]
    for (const wait of waits) {
      const count = FakeSocket.all.length
      FakeSocket.last.open()
      FakeSocket.last.drop()
      vi.advanceTimersByTime(wait - 1)
      expect(FakeSocket.all).toHaveLength(count)
      vi.advanceTimersByTime(1)
      expect(FakeSocket.all).toHaveLength(count + 1)
    }
  })

  it('starts with a short wait again after a healthy time', () => {
    FakeSocket.last.drop()
    vi.advanceTimersByTime(600)
    FakeSocket.last.open()
    vi.advanceTimersByTime(5_000)
    FakeSocket.last.drop()
    vi.advanceTimersByTime(600)
    expect(FakeSocket.all).toHaveLength(3)
  })

  it('takes silence for a lost connection', () => {
    FakeSocket.last.open()
    vi.advanceTimersByTime(44_000)
    FakeSocket.last.send({ seq: 1 })
    vi.advanceTimersByTime(44_000)
    expect(statuses.at(-1)).toBe('live')
    const silent = FakeSocket.last
    vi.advanceTimersByTime(1_000)
    expect(silent.closedByPage).toBe(true)
    expect(statuses.at(-1)).toBe('reconnecting')
  })

  it('tries at once when the network is back', () => {
    FakeSocket.last.drop()
    window.dispatchEvent(new Event('online'))
    expect(FakeSocket.all).toHaveLength(2)
  })

  it('ends for good when the server says it is finished', () => {
    FakeSocket.last.open()
    FakeSocket.last.drop(1000)
    vi.advanceTimersByTime(60_000)
    expect(FakeSocket.all).toHaveLength(1)
    expect(statuses.at(-1)).toBe('closed')
    expect(signedOut).toBe(false)
  })

  it('tells when the session has ended', () => {
    FakeSocket.last.drop(4401)
    vi.advanceTimersByTime(60_000)
    expect(FakeSocket.all).toHaveLength(1)
    expect(signedOut).toBe(true)
  })

  it('hears nothing from a socket it has given up', () => {
    const old = FakeSocket.last
    old.drop()
    vi.advanceTimersByTime(600)
    old.send({ seq: 99 })
    expect(seen).toBe(0)
  })
})
