import { useState } from 'react'
import type { RJSFSchema } from '@rjsf/utils'
import { toApiError } from '@/api/errors'
import type { Descriptor, Job } from '@/api/types'
import { clearDraft, loadDraft, saveDraft } from '@/form/draft'
import { SchemaForm } from '@/form/SchemaForm'
import { withoutMasked } from '@/form/sensitive'
import type { FormData } from '@/form/validator'
import { isRecord } from '@/lib/is-record'
import { Button } from '@/ui/Button'
import { Icon } from '@/ui/Icon'
import { useExecute } from './use-execute'

interface RunFormProps {
  descriptor: Descriptor
  version: string
  /** The inputs of an earlier run to start from. */
  prefill?: Job['parameters']
  prefillFrom?: string
}

const NO_PROBLEMS: never[] = []

export function RunForm({ descriptor, version, prefill, prefillFrom }: RunFormProps) {
  const draftName = `${descriptor.item_id}@${descriptor.version}`
  const schema: RJSFSchema = descriptor.schema
  const [generation, setGeneration] = useState(0)
  const [draft] = useState(() => (prefill ? null : loadDraft(draftName)))
  const [initial, setInitial] = useState<FormData>(() => startFrom(prefill) ?? draft ?? {})
  const execute = useExecute(descriptor.item_id, version, () => clearDraft(draftName))
  const refused = execute.error ? toApiError(execute.error) : null
  const blocked = descriptor.build.status === 'failed'

  const startOver = () => {
    clearDraft(draftName)
    execute.reset()
    setInitial({})
    setGeneration(generation + 1)
  }
  return (
    <div className="p-4 sm:p-5">
      {(prefillFrom || draft) && generation === 0 && (
        <p className="mb-5 flex flex-wrap items-center gap-2 rounded-lg bg-busy-soft px-3 py-2 text-busy">
          <Icon name="info" />
          {prefillFrom
            ? 'Filled in from an earlier run. Secrets must be typed again.'
            : 'Your draft is back.'}
          <button
            type="button"
            className="rounded font-medium underline underline-offset-2"
            onClick={startOver}
          >
            Start over
          </button>
        </p>
      )}
      {refused && refused.fields.length === 0 && (
        <p role="alert" className="mb-5 rounded-lg bg-bad-soft px-3 py-2.5 text-bad">
          {refused.detail || refused.title}
        </p>
      )}
      <SchemaForm
        key={generation}
        schema={schema}
        uiSchema={descriptor.ui_schema}
        initial={initial}
        disabled={execute.isPending || blocked}
        problems={refused?.fields ?? NO_PROBLEMS}
        onChange={(data) => saveDraft(draftName, data, schema)}
        onSubmit={execute.run}
      >
        <footer className="mt-6 flex flex-wrap items-center gap-3 border-t border-line pt-4">
          <Button type="submit" tone="primary" icon="play" pending={execute.isPending} disabled={blocked}>
            {execute.isPending ? 'Starting…' : 'Run'}
          </Button>
          {blocked && <span className="text-muted">This version cannot run.</span>}
        </footer>
      </SchemaForm>
    </div>
  )
}

function startFrom(parameters: unknown): FormData | null {
  const cleaned = withoutMasked(parameters)
  return isRecord(cleaned) ? cleaned : null
}
