import { Link } from '@tanstack/react-router'
import { dismissToast, showToast } from './toasts'

/** Says that a job was started, with the way to it. */
export function showStarted(jobId: string, text = 'Started') {
  const toast = showToast({
    tone: 'ok',
    text,
    action: (
      <Link
        to="/jobs/$jobId"
        params={{ jobId }}
        onClick={() => dismissToast(toast)}
        className="rounded font-medium text-brand hover:underline"
      >
        Open it
      </Link>
    ),
  })
}
