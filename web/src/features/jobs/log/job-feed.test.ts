import { http, HttpResponse } from 'msw'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { FakeSocket } from '@/test/fake-socket'
import { at, server } from '@/test/server'
import { JobFeed } from './job-feed'

const log = (seq: number, text: string) => ({
  type: 'log',
  seq,
  ts: '',
  level: 'info',
  stream: 'stdout',
  text,
})

let feed: JobFeed
let changes = 0

/** With the events of before the page was opened. */
async function start(before: object[] = []) {
  server.use(http.get(at('/jobs/j1/events'), () => HttpResponse.json(before), { once: true }))
  await feed.start()
}

beforeEach(() => {
  changes = 0
  feed = new JobFeed('j1', () => {
    changes += 1
  })
})
afterEach(() => feed.stop())

const texts = () => feed.state.log.chunks.flatMap((chunk) => chunk.lines.map(({ text }) => text))

it('collects lines, takes none twice, and reports other facts', async () => {
  await start()
  FakeSocket.last.open()
  FakeSocket.last.send(log(1, 'a'))
  FakeSocket.last.send(log(1, 'a'))
  FakeSocket.last.send({ type: 'ping' })
  FakeSocket.last.send({ type: 'progress', seq: 2, ts: '', progress: 50, message: '' })
  await vi.waitFor(() => expect(texts()).toEqual(['a']))
  expect(changes).toBe(1)
})

it('takes what was there before, and goes on after it', async () => {
  await start([log(1, 'a'), log(2, 'b')])
  expect(FakeSocket.last.url).toContain('/ws/jobs/j1?after=2')
  FakeSocket.last.open()
  FakeSocket.last.send(log(3, 'c'))
  await vi.waitFor(() => expect(texts()).toEqual(['a', 'b', 'c']))
})

it('resumes after the last event it has seen', async () => {
  await start()
  FakeSocket.last.open()
  FakeSocket.last.send(log(7, 'a'))
  FakeSocket.last.drop()
  await vi.waitFor(() => expect(FakeSocket.all).toHaveLength(2), { timeout: 2_000 })
  expect(FakeSocket.last.url).toContain('/ws/jobs/j1?after=7')
})

it('is complete when the server closes for good', async () => {
  await start()
  FakeSocket.last.open()
  FakeSocket.last.send(log(1, 'last words'))
  FakeSocket.last.drop(1000)
  expect(feed.state.complete).toBe(true)
  expect(texts()).toEqual(['last words'])
  expect(changes).toBe(1)
})

it('asks for events while there is no socket', async () => {
  await start()
  server.use(http.get(at('/jobs/j1/events'), () => HttpResponse.json([log(1, 'asked')])))
  vi.useFakeTimers({ toFake: ['setInterval'] })
  FakeSocket.last.drop()
  vi.advanceTimersByTime(3_000)
  vi.useRealTimers()
  await vi.waitFor(() => expect(texts()).toEqual(['asked']))
})
