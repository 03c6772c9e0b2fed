import { Outlet } from '@tanstack/react-router'
import { LiveJobsProvider } from '@/features/jobs/live/LiveJobsProvider'
import { Header } from './Header'

export function AppShell() {
  return (
    <LiveJobsProvider>
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-lg focus:bg-raised focus:px-3 focus:py-2 focus:shadow-pop"
      >
        Skip to content
      </a>
      <Header />
      <main id="main" tabIndex={-1} className="mx-auto max-w-7xl px-4 py-6 outline-none sm:px-6 sm:py-8">
        <Outlet />
      </main>
    </LiveJobsProvider>
  )
}
