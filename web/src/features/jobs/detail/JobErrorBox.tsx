import type { JobError } from '@/api/types'
import { CopyButton } from '@/ui/CopyButton'
import { Icon } from '@/ui/Icon'
import { errorHint, errorTitle } from './error-hints'

export function JobErrorBox({ error }: { error: JobError }) {
  return (
    <section aria-label="Error" className="rounded-xl border border-bad/35 bg-bad-soft p-4">
      <div className="flex gap-3">
        <Icon name="alert" className="mt-0.5 size-4 text-bad" />
        <div className="min-w-0 flex-1 space-y-1.5">
          <h2 className="font-semibold text-bad">{errorTitle(error.kind)}</h2>
          <p className="text-muted">{errorHint(error.kind)}</p>
          <p className="font-mono text-[0.8125rem] break-words whitespace-pre-wrap">{error.message}</p>
          {error.traceback && (
            <details className="pt-1">
              <summary className="w-fit rounded font-medium text-bad">Traceback</summary>
              <div className="relative mt-2">
                <pre
                  tabIndex={0}
                  className="max-h-96 overflow-auto rounded-lg bg-surface p-3 pr-10 font-mono text-xs leading-5"
                >
                  {error.traceback}
                </pre>
                <CopyButton
                  text={error.traceback}
                  label="Copy the traceback"
                  className="absolute top-1 right-1"
                />
              </div>
            </details>
          )}
        </div>
      </div>
    </section>
  )
}
