import { queryOptions } from '@tanstack/react-query'
import { randomId } from '@/lib/random-id'
import { api, unwrap } from './client'

export const catalogQuery = () =>
  queryOptions({
    queryKey: ['catalog', 'list'],
    queryFn: ({ signal }) => unwrap(api.GET('/catalog', { signal })),
    staleTime: 30_000,
  })

export const versionsQuery = (itemId: string) =>
  queryOptions({
    queryKey: ['catalog', 'versions', itemId],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/catalog/{item_id}/versions', { params: { path: { item_id: itemId } }, signal })),
    staleTime: 30_000,
  })

export const descriptorQuery = (itemId: string, version: string) =>
  queryOptions({
    queryKey: ['catalog', 'descriptor', itemId, version],
    queryFn: ({ signal }) =>
      unwrap(
        api.GET('/catalog/{item_id}/{version}/descriptor', {
          params: { path: { item_id: itemId, version } },
          signal,
        }),
      ),
    staleTime: 30_000,
    // A build of dependencies goes on while the form is being filled in.
    refetchInterval: (query) => (query.state.data?.build.status === 'pending' ? 2_000 : false),
  })

export const executeItem = (itemId: string, version: string, parameters: Record<string, unknown>) =>
  unwrap(
    api.POST('/catalog/{item_id}/{version}/execute', {
      params: { path: { item_id: itemId, version } },
      body: { parameters },
      headers: { 'Idempotency-Key': randomId() },
    }),
  )
