import { http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { makeItem } from './data'

const ORIGIN = 'http://portal.test'

export const at = (path: string) => `${ORIGIN}${path}`

export const page = <T>(items: T[]) => ({ items, total: items.length, page: 1, page_size: 20 })

export const problem = (status: number, title: string, rest: object = {}) =>
  HttpResponse.json(
    { title, status, detail: '', ...rest },
    {
      status,
      headers: { 'Content-Type': 'application/problem+json', 'X-Request-ID': 'req-1' },
    },
  )

/** What every page asks for; tests add the rest. */
export const server = setupServer(
  http.get(at('/me'), () => HttpResponse.json({ name: 'ada', roles: ['administrator'], groups: [] })),
  http.get(at('/jobs/:id/events'), () => HttpResponse.json([])),
  http.get(at('/catalog'), () => HttpResponse.json(page([makeItem()]))),
)
