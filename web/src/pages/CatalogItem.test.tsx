import { screen, waitFor } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { beforeEach, expect, it } from 'vitest'
import { makeDescriptor, makeJob } from '@/test/data'
import { renderApp } from '@/test/render-app'
import { at, page, problem, server } from '@/test/server'

const versions = ['1.2.0', '1.1.0'].map((version) => ({
  version,
  digest: 'sha256:0',
  created_at: '2026-11-01T10:00:00Z',
  source: {},
  yanked: version === '1.1.0',
}))

beforeEach(() => {
  server.use(
    http.get(at('/catalog/csv-profile/versions'), () => HttpResponse.json(versions)),
    http.get(at('/catalog/csv-profile/latest/descriptor'), () => HttpResponse.json(makeDescriptor())),
    http.get(at('/jobs'), () => HttpResponse.json(page([makeJob({ job_id: 'started' })]))),
  )
})

it('runs an item once, however often one clicks, and leads to its row', async () => {
  const bodies: unknown[] = []
  server.use(
    http.post(at('/catalog/csv-profile/latest/execute'), async ({ request }) => {
      bodies.push(await request.json())
      return HttpResponse.json({ job_id: 'started' }, { status: 202 })
    }),
  )
  const { user, router } = renderApp('/ui/catalog/csv-profile')
  await user.type(await screen.findByLabelText(/^Rows/), '5')
  await user.dblClick(screen.getByRole('button', { name: 'Run' }))
  await waitFor(() => expect(router.state.location.href).toBe('/jobs?highlight=started'))
  expect(bodies).toEqual([{ parameters: { rows: 5 } }])
  expect(await screen.findByText('Started')).toBeVisible()
  expect(sessionStorage.getItem('portal.draft.csv-profile@1.2.0')).toBeNull()
})

it('shows what the API refuses where it belongs', async () => {
  server.use(
    http.post(at('/catalog/csv-profile/latest/execute'), () =>
      problem(422, 'Invalid inputs', { errors: [{ path: '/parameters/rows', message: 'is unlucky' }] }),
    ),
  )
  const { user } = renderApp('/ui/catalog/csv-profile')
  await user.type(await screen.findByLabelText(/^Rows/), '13')
  await user.click(screen.getByRole('button', { name: 'Run' }))
  await waitFor(() => expect(screen.getByLabelText(/^Rows/)).toHaveAccessibleDescription(/is unlucky/))
  expect(screen.getByRole('button', { name: 'Run' })).toBeEnabled()
})

it('brings back a draft, and lets one start over', async () => {
  sessionStorage.setItem('portal.draft.csv-profile@1.2.0', '{"rows":77}')
  const { user } = renderApp('/ui/catalog/csv-profile')
  expect(await screen.findByLabelText(/^Rows/)).toHaveValue(77)
  await user.click(screen.getByRole('button', { name: 'Start over' }))
  expect(screen.getByLabelText(/^Rows/)).toHaveValue(null)
})

it('starts from an earlier run', async () => {
  const job = makeJob({ job_id: 'old', parameters: { rows: 9 } })
  server.use(http.get(at('/jobs/old'), () => HttpResponse.json(job)))
  renderApp('/ui/catalog/csv-profile?from=old')
  expect(await screen.findByLabelText(/^Rows/)).toHaveValue(9)
})

it('does not run what could not be built', async () => {
  const build = { status: 'failed' as const, message: 'pandas==99 was not found' }
  server.use(
    http.get(at('/catalog/csv-profile/latest/descriptor'), () =>
      HttpResponse.json(makeDescriptor({ build })),
    ),
  )
  renderApp('/ui/catalog/csv-profile')
  expect(await screen.findByRole('alert')).toHaveTextContent('pandas==99 was not found')
  expect(await screen.findByRole('button', { name: 'Run' })).toBeDisabled()
})

it('offers every version but those withdrawn', async () => {
  renderApp('/ui/catalog/csv-profile')
  const select = await screen.findByRole('combobox', { name: 'Version' })
  await waitFor(() => expect(select.querySelectorAll('option')).toHaveLength(3))
  expect(screen.getByRole('option', { name: /1\.1\.0 · withdrawn/ })).toBeDisabled()
})

it('says so when there is no such item', async () => {
  server.use(
    http.get(at('/catalog/nope/latest/descriptor'), () => problem(404, 'Not found', { detail: 'No nope.' })),
  )
  server.use(http.get(at('/catalog/nope/versions'), () => problem(404, 'Not found')))
  renderApp('/ui/catalog/nope')
  expect(await screen.findByText('No nope.')).toBeVisible()
  expect(screen.getByRole('link', { name: 'Go to the catalog' })).toBeVisible()
})
