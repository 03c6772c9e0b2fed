import { screen, waitFor, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { expect, it } from 'vitest'
import type { Job } from '@/api/types'
import { makeJob } from '@/test/data'
import { FakeSocket } from '@/test/fake-socket'
import { renderApp } from '@/test/render-app'
import { at, problem, server } from '@/test/server'

const item = { id: 'csv-profile', version: '1.2.0', digest: `sha256:${'ab'.repeat(32)}` }

function serve(job: Job) {
  server.use(http.get(at(`/jobs/${job.job_id}`), () => HttpResponse.json(job)))
}

it('follows a running job by its socket', async () => {
  serve(makeJob({ job_id: 'j1', item }))
  renderApp('/ui/jobs/j1')
  expect(await screen.findByRole('heading', { name: 'CSV profile', level: 1 })).toBeVisible()
  const socket = await waitFor(() => FakeSocket.to('/ws/jobs/j1'))
  socket.open()
  socket.send({
    type: 'log',
    seq: 1,
    ts: '2026-11-01T10:00:00Z',
    level: 'info',
    stream: 'stdout',
    text: 'hello there',
  })
  expect(await screen.findByText(/hello there/)).toBeVisible()
  const changed = makeJob({ job_id: 'j1', item, progress: 60, updated_at: '2026-11-01T11:00:00.000Z' })
  FakeSocket.to('/ws/jobs').send({ type: 'job', seq: 1, job: changed })
  await waitFor(() => expect(document.title).toBe('60 % · CSV profile · Portal'))
})

it('shows result, files and inputs of a finished job', async () => {
  const artifacts = [{ name: 'a b.html', size: 48_213, content_type: 'text/html', sha256: '' }]
  const result = { rows: 12 }
  const parameters = { token: '********' }
  serve(makeJob({ job_id: 'j2', item, state: 'SUCCEEDED', progress: 100, result, artifacts, parameters }))
  renderApp('/ui/jobs/j2')
  expect(await screen.findByRole('region', { name: 'Result' })).toHaveTextContent('12')
  expect(screen.getByRole('region', { name: 'Inputs' })).toHaveTextContent('********')
  const file = screen.getByRole('link', { name: /a b\.html/ })
  expect(file).toHaveAttribute('href', '/jobs/j2/artifacts/a%20b.html')
  expect(file).toHaveTextContent('48.2 KB')
  const again = screen.getByRole('link', { name: 'Run again with changes' })
  expect(again).toHaveAttribute('href', '/ui/catalog/csv-profile?version=1.2.0&from=j2')
  expect(screen.queryByRole('button', { name: 'Retry' })).toBeNull()
})

it('explains a failure and retries it as a new job', async () => {
  const error = { kind: 'out_of_memory', message: 'Killed at 512 MB', traceback: 'Traceback …' }
  serve(makeJob({ job_id: 'j3', item, state: 'FAILED', error }))
  serve(makeJob({ job_id: 'j4', item, retry_of: 'j3' }))
  server.use(http.post(at('/jobs/j3/retry'), () => HttpResponse.json({ job_id: 'j4' }, { status: 202 })))
  const { user, router } = renderApp('/ui/jobs/j3')
  const box = await screen.findByRole('region', { name: 'Error' })
  expect(within(box).getByRole('heading')).toHaveTextContent('Out of memory')
  expect(box).toHaveTextContent('more memory than the item allows')
  await waitFor(() => expect(document.title).toBe('Failed · CSV profile · Portal'))
  await user.click(screen.getByRole('button', { name: 'Retry' }))
  await waitFor(() => expect(router.state.location.pathname).toBe('/jobs/j4'))
  expect(await screen.findByRole('link', { name: 'j3' })).toHaveAttribute('href', '/ui/jobs/j3')
})

it('says why a job waits', async () => {
  const queue = { position: 3, reason: 'all workers are busy' }
  serve(makeJob({ job_id: 'j5', state: 'QUEUED', attempt: 0, started_at: null, message: '', queue }))
  renderApp('/ui/jobs/j5')
  expect(await screen.findByText('Number 3 in the queue: all workers are busy')).toBeVisible()
  expect(screen.getByRole('button', { name: 'Cancel' })).toBeVisible()
})

it('shows the way back from a job that is not there', async () => {
  server.use(
    http.get(at('/jobs/gone'), () => problem(404, 'Not found', { detail: 'No such job.', request_id: 'r9' })),
  )
  renderApp('/ui/jobs/gone')
  expect(await screen.findByText('No such job.')).toBeVisible()
  expect(screen.getByText('r9')).toBeVisible()
  expect(screen.getByRole('link', { name: 'See the jobs' })).toBeVisible()
})
