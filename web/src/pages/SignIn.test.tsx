import { screen, waitFor } from '@testing-library/react'
import { http, HttpResponse } from 'msw'
import { afterEach, expect, it } from 'vitest'
import { renderApp } from '@/test/render-app'
import { at, problem, server } from '@/test/server'

const tokens: unknown[] = []

function accept(token: string) {
  server.use(
    http.post(at('/auth/sign-in'), async ({ request }) => {
      const body = (await request.json()) as { token: string }
      tokens.push(body.token)
      if (body.token !== token) return problem(401, 'Unauthorized', { detail: 'This link was used before.' })
      return HttpResponse.json({ name: 'ada', roles: [], groups: [] })
    }),
  )
}

afterEach(() => {
  tokens.length = 0
  window.history.replaceState(null, '', '/ui/')
})

it('signs in by the link and leaves no token in the address', async () => {
  accept('from-link')
  window.history.replaceState(null, '', '/ui/sign-in#token=from-link')
  const { router } = renderApp('/ui/sign-in')
  await waitFor(() => expect(router.state.location.pathname).toBe('/catalog'))
  expect(tokens).toEqual(['from-link'])
  expect(window.location.href).not.toContain('from-link')
})

it('says why a token was refused, and takes another', async () => {
  accept('good')
  const { user, router } = renderApp('/ui/sign-in?next=%2Fui%2Fcatalog%3Fsearch%3Dcsv')
  const field = await screen.findByLabelText('Sign-in token')
  await user.type(field, 'bad{Enter}')
  expect(await screen.findByRole('alert')).toHaveTextContent('This link was used before.')
  expect(field).toBeInvalid()
  await user.clear(field)
  await user.type(field, ' good {Enter}')
  await waitFor(() => expect(router.state.location.href).toBe('/catalog?search=csv'))
})
