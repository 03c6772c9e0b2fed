import Form, { type IChangeEvent } from '@rjsf/core'
import type { RJSFSchema, RJSFValidationError, UiSchema } from '@rjsf/utils'
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import type { FieldProblem } from '@/api/errors'
import { ErrorSummary, type SummaryEntry } from './ErrorSummary'
import { toServerErrors } from './server-errors'
import { theme } from './theme'
import { validator, type FormData } from './validator'
import { pathOf } from './validator/translate'

interface SchemaFormProps {
  schema: RJSFSchema
  uiSchema: UiSchema
  initial: FormData
  disabled: boolean
  /** What the API said of the last submission. */
  problems: FieldProblem[]
  onChange: (data: FormData) => void
  onSubmit: (data: FormData) => void
  children: ReactNode
}

const NO_PROBLEMS: FieldProblem[] = []

/** A form for any JSON Schema. Checked on submit, and from then on at every change. */
export function SchemaForm(props: SchemaFormProps) {
  const { schema, uiSchema, initial, disabled, problems, onChange, onSubmit, children } = props
  const [data, setData] = useState(initial)
  const [tried, setTried] = useState(false)
  const [summary, setSummary] = useState<SummaryEntry[]>([])
  // An answer of the API stands until something is changed.
  const [answered, setAnswered] = useState(problems)
  const current = answered === problems ? NO_PROBLEMS : problems
  const server = useMemo(() => toServerErrors(current), [current])
  const serverEntries = useMemo(
    () =>
      server.list.map(({ path, message }) => toEntry(path, `${path.join(' → ') || 'The form'} ${message}`)),
    [server],
  )

  const mounted = useRef(false)
  useEffect(() => {
    mounted.current = true
  }, [])

  const change = (event: IChangeEvent<FormData>) => {
    // RJSF reports the defaults it fills in while it is being created: nothing that anyone did.
    if (!mounted.current) return
    const next = event.formData ?? {}
    setData(next)
    setAnswered(problems)
    if (tried) setSummary([])
    onChange(next)
  }
  return (
    <div>
      <ErrorSummary entries={summary.length > 0 ? summary : serverEntries} />
      <Form<FormData>
        {...theme}
        schema={schema}
        uiSchema={uiSchema}
        formData={data}
        validator={validator}
        disabled={disabled}
        noHtml5Validate
        showErrorList={false}
        omitExtraData
        liveValidate={tried ? 'onChange' : false}
        extraErrors={server.schema}
        onChange={change}
        onSubmit={(event) => {
          setSummary([])
          onSubmit(event.formData ?? {})
        }}
        onError={(errors) => {
          setTried(true)
          setSummary(errors.map(fromValidation))
        }}
      >
        {children}
      </Form>
    </div>
  )
}

function fromValidation(error: RJSFValidationError): SummaryEntry {
  return toEntry(pathOf(error), error.stack)
}

function toEntry(path: string[], text: string): SummaryEntry {
  return { fieldId: ['root', ...path].join('_'), text }
}
