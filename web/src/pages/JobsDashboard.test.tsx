import { screen, waitFor, within } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Job } from '@/api/types'
import { makeJob } from '@/test/data'
import { FakeSocket } from '@/test/fake-socket'
import { renderApp } from '@/test/render-app'
import { at, page, problem, server } from '@/test/server'

const running = makeJob({ job_id: '0198-run' })
const failed = makeJob({
  job_id: '0197-bad',
  state: 'FAILED',
  error: { kind: 'timeout', message: 'Too long', traceback: null },
})

let jobs: Job[] = []
let queries: string[] = []

beforeEach(() => {
  jobs = [running, failed]
  queries = []
  server.use(
    http.get(at('/jobs'), ({ request }) => {
      queries.push(new URL(request.url).search)
      return HttpResponse.json(page(jobs))
    }),
  )
})

const row = (text: string) => screen.findByRole('row', { name: new RegExp(text) })

const nothing = () => undefined

function deferred() {
  let resolve: () => void = nothing
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

/** Opens the page and its socket. */
async function open(path = '/ui/jobs') {
  const app = renderApp(path)
  await row('0198-run')
  FakeSocket.to('/ws/jobs').open()
  return app
}

describe('rows', () => {
  it('show what a job is, how far it is, and what can be done', async () => {
    await open()
    const first = await row('0198-run')
    expect(within(first).getByText('Example long task')).toBeVisible()
    expect(within(first).getByText('Running')).toBeVisible()
    expect(within(first).getByRole('progressbar')).toHaveAttribute('aria-valuenow', '20')
    expect(within(first).getByRole('button', { name: /^Cancel/ })).toBeVisible()
    expect(within(first).queryByRole('button', { name: /^Retry/ })).toBeNull()
    expect(within(await row('0197-bad')).getByRole('button', { name: /^Retry/ })).toBeVisible()
  })

  it('change in place as messages come, without asking again', async () => {
    await open()
    const asked = await waitFor(() => {
      expect(queries.length).toBeGreaterThan(0)
      return queries.length
    })
    const job = { ...running, progress: 80, message: 'Step 4', updated_at: '2026-11-01T10:09:00.000Z' }
    FakeSocket.to('/ws/jobs').send({ type: 'job', seq: 5, job })
    await waitFor(async () =>
      expect(within(await row('0198-run')).getByRole('progressbar')).toHaveAttribute('aria-valuenow', '80'),
    )
    expect(queries.length - asked).toBeLessThanOrEqual(1)
  })

  it('that are new wait behind a button', async () => {
    const { user } = await open()
    await waitFor(() => expect(queries.length).toBeGreaterThan(1))
    const fresh = makeJob({ job_id: '0199-new' })
    jobs = [fresh, ...jobs]
    FakeSocket.to('/ws/jobs').send({ type: 'job', seq: 6, job: fresh })
    const pill = await screen.findByRole('button', { name: '1 new job' })
    expect(screen.queryByRole('row', { name: /0199-new/ })).toBeNull()
    await user.click(pill)
    expect(await row('0199-new')).toBeVisible()
    await waitFor(() => expect(screen.queryByRole('button', { name: '1 new job' })).toBeNull())
  })

  it('are fetched anew when too much was missed', async () => {
    await open()
    await waitFor(() => expect(queries.length).toBeGreaterThan(1))
    const before = queries.length
    FakeSocket.to('/ws/jobs').send({ type: 'reset', seq: 900 })
    await waitFor(() => expect(queries.length).toBeGreaterThan(before))
  })
})

describe('actions', () => {
  it('retry says that it is under way and where the new job is', async () => {
    const { promise: held, resolve: finish } = deferred()
    server.use(
      http.post(at('/jobs/0197-bad/retry'), async () => {
        await held
        return HttpResponse.json({ job_id: 'new-id' }, { status: 202 })
      }),
    )
    const { user } = await open()
    const button = within(await row('0197-bad')).getByRole('button', { name: /^Retry/ })
    await user.click(button)
    expect(button).toBeDisabled()
    expect(button).toHaveAttribute('aria-busy', 'true')
    finish()
    expect(await screen.findByText('Started again')).toBeVisible()
    expect(screen.getByRole('link', { name: 'Open it' })).toHaveAttribute('href', '/ui/jobs/new-id')
    await waitFor(() => expect(button).toBeEnabled())
  })

  it('tell why they were refused', async () => {
    server.use(
      http.post(at('/jobs/0198-run/cancel'), () => problem(409, 'Conflict', { detail: 'It has finished.' })),
    )
    const { user } = await open()
    await user.click(within(await row('0198-run')).getByRole('button', { name: /^Cancel/ }))
    expect(await screen.findByText('It has finished.')).toBeVisible()
  })

  it('start a job from JSON, but not from what is none', async () => {
    const bodies: unknown[] = []
    const schema = { properties: { steps: { default: 5 } } }
    server.use(
      http.get(at('/report-types'), () =>
        HttpResponse.json([{ report_type: 'example_long_task', title: 'Example', schema }]),
      ),
      http.post(at('/jobs'), async ({ request }) => {
        bodies.push(await request.json())
        return HttpResponse.json({ job_id: '0198-run' }, { status: 202 })
      }),
    )
    const { user, router } = await open()
    await user.click(screen.getByRole('button', { name: 'New job' }))
    const box = await screen.findByLabelText('Parameters')
    expect(box).toHaveValue('{\n  "steps": 5\n}')
    await user.type(box, 'x')
    await user.click(screen.getByRole('button', { name: 'Start' }))
    expect(box).toBeInvalid()
    expect(bodies).toEqual([])
    await user.type(box, '{Backspace}')
    await user.click(screen.getByRole('button', { name: 'Start' }))
    await waitFor(() => expect(router.state.location.searchStr).toBe('?highlight=0198-run'))
    expect(bodies).toEqual([{ report_type: 'example_long_task', parameters: { steps: 5 } }])
    await waitFor(async () => expect(await row('0198-run')).toHaveAttribute('data-highlight'))
  })
})

describe('filters', () => {
  it('are read from the address', async () => {
    await open('/ui/jobs?state=FAILED&state=RUNNING&state=NONSENSE&search=ex&page=2')
    expect(queries[0]).toBe('?state=RUNNING&state=FAILED&search=ex&page=2&page_size=20')
    expect(screen.getByRole('searchbox')).toHaveValue('ex')
    expect(screen.getByRole('button', { name: 'State: 2 states' })).toBeVisible()
  })

  it('are written to it, and start at the first page again', async () => {
    const { user, router } = await open('/ui/jobs?page=2')
    await user.type(screen.getByRole('searchbox'), 'csv')
    await waitFor(() => expect(router.state.location.searchStr).toBe('?search=csv'))
    jobs = []
    await user.type(screen.getByRole('searchbox'), 'x')
    expect(await screen.findByRole('heading', { name: 'No job matches' })).toBeVisible()
    await user.click(screen.getByRole('button', { name: 'Clear the filters' }))
    await waitFor(() => expect(screen.getByRole('searchbox')).toHaveValue(''))
  })
})

describe('when there is nothing to show', () => {
  it('an empty portal points to the catalog', async () => {
    jobs = []
    renderApp('/ui/jobs')
    expect(await screen.findByRole('heading', { name: 'Nothing has run yet' })).toBeVisible()
  })

  it('an error can be tried again', async () => {
    let broken = true
    server.use(
      http.get(at('/jobs'), () =>
        broken ? problem(403, 'You may not do this', { request_id: 'abc' }) : HttpResponse.json(page(jobs)),
      ),
    )
    const { user } = renderApp('/ui/jobs')
    expect(await screen.findByText('abc')).toBeVisible()
    broken = false
    await user.click(screen.getByRole('button', { name: 'Try again' }))
    expect(await row('0198-run')).toBeVisible()
  })
})

it('says how live it is', async () => {
  await open()
  expect(await screen.findByText('Live')).toBeVisible()
  FakeSocket.to('/ws/jobs').drop()
  expect(await screen.findByText('Reconnecting')).toBeVisible()
})
