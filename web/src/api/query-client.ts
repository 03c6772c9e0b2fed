import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { isTransient, isUnauthorized } from './errors'

/** The only store of server state. `onSignedOut` hears about every 401, wherever it happens. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (isUnauthorized(error)) onSignedOut()
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) => isTransient(error) && count < 2,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  })
}
