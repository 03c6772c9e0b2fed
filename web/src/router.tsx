import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type RouterHistory,
} from '@tanstack/react-router'
import { catalogQuery, descriptorQuery, versionsQuery } from '@/api/catalog'
import { jobListQuery, jobQuery } from '@/api/jobs'
import { meQuery } from '@/api/auth'
import { asText, parseSearch, stringifySearch } from '@/lib/search-params'
import { toJobFilter, validateJobsSearch } from '@/features/jobs/jobs-search'
import { validateCatalogSearch } from '@/features/catalog/catalog-search'
import { AppShell } from '@/shell/AppShell'
import { NotFound } from '@/shell/NotFound'
import { RootLayout } from '@/shell/RootLayout'
import { RouteError } from '@/shell/RouteError'
import { RoutePending } from '@/shell/RoutePending'

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: RootLayout,
  notFoundComponent: NotFound,
})

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search: Record<string, unknown>): { next?: string } => ({ next: asText(search.next) }),
  component: lazyRouteComponent(() => import('@/pages/SignIn')),
})

/** Everything behind the sign-in. A 401 of `me` sends to the sign-in page (see main.tsx). */
const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  loader: ({ context }) => context.queryClient.ensureQueryData(meQuery()),
  component: AppShell,
  staleTime: Infinity,
})

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/catalog', replace: true })
  },
})

const jobsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/jobs',
  validateSearch: validateJobsSearch,
  loaderDeps: ({ search }) => toJobFilter(search),
  loader: ({ context, deps }) => void context.queryClient.prefetchQuery(jobListQuery(deps)),
  component: lazyRouteComponent(() => import('@/pages/JobsDashboard')),
})

const jobRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/jobs/$jobId',
  loader: ({ context, params }) => context.queryClient.ensureQueryData(jobQuery(params.jobId)),
  component: lazyRouteComponent(() => import('@/pages/Job')),
})

const catalogRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/catalog',
  validateSearch: validateCatalogSearch,
  loader: ({ context }) => void context.queryClient.prefetchQuery(catalogQuery()),
  component: lazyRouteComponent(() => import('@/pages/Catalog')),
})

const itemRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/catalog/$itemId',
  validateSearch: (search: Record<string, unknown>): { version?: string; from?: string } => ({
    version: asText(search.version),
    from: asText(search.from),
  }),
  loaderDeps: ({ search }) => ({ version: search.version ?? 'latest' }),
  loader: async ({ context, params, deps }) => {
    void context.queryClient.prefetchQuery(versionsQuery(params.itemId))
    await context.queryClient.ensureQueryData(descriptorQuery(params.itemId, deps.version))
  },
  component: lazyRouteComponent(() => import('@/pages/CatalogItem')),
})

const routeTree = rootRoute.addChildren([
  signInRoute,
  indexRoute,
  shellRoute.addChildren([jobsRoute, jobRoute, catalogRoute, itemRoute]),
])

export function createAppRouter(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({
    history,
    routeTree,
    basepath: '/ui',
    context: { queryClient },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 300,
    defaultPendingComponent: RoutePending,
    defaultErrorComponent: RouteError,
    scrollRestoration: true,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
