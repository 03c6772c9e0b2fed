import { Link } from '@tanstack/react-router'
import { buttonClass } from '@/ui/button-class'
import { EmptyState } from '@/ui/EmptyState'
import { useTitle } from '@/lib/use-title'

export function NotFound() {
  useTitle('Not found')
  return (
    <main className="mx-auto max-w-2xl py-16">
      <EmptyState
        icon="search"
        title="There is nothing here"
        actions={
          <>
            <Link to="/catalog" className={buttonClass('primary')}>
              Go to the catalog
            </Link>
            <Link to="/jobs" className={buttonClass()}>
              See the jobs
            </Link>
          </>
        }
      >
        The address may be mistyped, or what it pointed to is gone.
      </EmptyState>
    </main>
  )
}
