import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from './client'

export const meQuery = () =>
  queryOptions({
    queryKey: ['me'],
    queryFn: ({ signal }) => unwrap(api.GET('/me', { signal })),
    staleTime: 5 * 60_000,
  })

export const signIn = (token: string) => unwrap(api.POST('/auth/sign-in', { body: { token } }))

export const signOut = () => unwrap(api.POST('/auth/sign-out'))
