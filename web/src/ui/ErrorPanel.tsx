import type { ReactNode } from 'react'
import { CopyButton } from './CopyButton'
import { EmptyState } from './EmptyState'

interface ErrorPanelProps {
  title: string
  detail?: string
  requestId?: string | null
  actions?: ReactNode
}

export function ErrorPanel({ title, detail, requestId, actions }: ErrorPanelProps) {
  return (
    <div role="alert">
      <EmptyState icon="alert" title={title} actions={actions}>
        {detail && <p>{detail}</p>}
        {requestId && (
          <p className="mt-2 inline-flex items-center gap-1 text-xs">
            Request <code className="font-mono">{requestId}</code>
            <CopyButton text={requestId} label="Copy the request id" />
          </p>
        )}
      </EmptyState>
    </div>
  )
}
