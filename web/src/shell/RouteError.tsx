import { useQueryErrorResetBoundary } from '@tanstack/react-query'
import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { useEffect } from 'react'
import { isUnauthorized, toApiError } from '@/api/errors'
import { useTitle } from '@/lib/use-title'
import { Button } from '@/ui/Button'
import { buttonClass } from '@/ui/button-class'
import { ErrorPanel } from '@/ui/ErrorPanel'

/** What a page shows instead of itself: what happened, the request's id, and two ways on. */
export function RouteError({ error }: ErrorComponentProps) {
  const router = useRouter()
  const queries = useQueryErrorResetBoundary()
  const { title, detail, requestId, status } = toApiError(error)
  useTitle(status === 404 ? 'Not found' : 'Error')
  useEffect(() => queries.reset(), [queries])

  // The way to the sign-in page is already under way.
  if (isUnauthorized(error)) return null
  return (
    <ErrorPanel
      title={title}
      detail={detail}
      requestId={requestId}
      actions={
        <>
          {status !== 404 && (
            <Button tone="primary" icon="retry" onClick={() => void router.invalidate()}>
              Try again
            </Button>
          )}
          <Link to="/catalog" className={buttonClass()}>
            Go to the catalog
          </Link>
          <Link to="/jobs" className={buttonClass()}>
            See the jobs
          </Link>
        </>
      }
    />
  )
}
