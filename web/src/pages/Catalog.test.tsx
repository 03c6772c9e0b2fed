import { screen, waitFor } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { expect, it } from 'vitest'
import { makeItem } from '@/test/data'
import { renderApp } from '@/test/render-app'
import { at, page, server } from '@/test/server'

const items = [
  makeItem(),
  makeItem({
    item_id: 'tls',
    title: 'Certificate check',
    description: 'Reads a chain.',
    tags: ['security'],
    owner: 'sre',
  }),
]

const titles = () => screen.queryAllByRole('heading', { level: 2 }).map((heading) => heading.textContent)

it('finds every word anywhere, and keeps the search in the address', async () => {
  server.use(http.get(at('/catalog'), () => HttpResponse.json(page(items))))
  const { user, router } = renderApp('/ui/')
  await waitFor(() => expect(titles()).toEqual(['CSV profile', 'Certificate check']))
  expect(router.state.location.pathname).toBe('/catalog')
  await user.type(screen.getByRole('searchbox'), 'chain SRE')
  await waitFor(() => expect(titles()).toEqual(['Certificate check']))
  expect(router.state.location.searchStr).toBe('?search=chain+SRE')
  await user.type(screen.getByRole('searchbox'), 'zzz')
  await user.click(await screen.findByRole('button', { name: 'Clear the search' }))
  await waitFor(() => expect(titles()).toHaveLength(2))
})

it('filters by tag', async () => {
  server.use(http.get(at('/catalog'), () => HttpResponse.json(page(items))))
  const { user, router } = renderApp('/ui/catalog')
  await user.click(await screen.findByRole('button', { name: /^security/, pressed: false }))
  await waitFor(() => expect(titles()).toEqual(['Certificate check']))
  expect(router.state.location.searchStr).toBe('?tag=security')
  expect(screen.getByRole('button', { name: /^security/, pressed: true })).toBeVisible()
})

it('says what to do with an empty catalog', async () => {
  server.use(http.get(at('/catalog'), () => HttpResponse.json(page([]))))
  renderApp('/ui/catalog')
  expect(await screen.findByRole('heading', { name: 'The catalog is empty' })).toBeVisible()
})
