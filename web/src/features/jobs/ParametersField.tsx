import { toApiError } from '@/api/errors'
import { describeProblems } from './parameters-json'

interface ParametersFieldProps {
  text: string
  onChange: (text: string) => void
  invalid: string | null
  /** What the API said of the last try. */
  error: unknown
}

export function ParametersField({ text, onChange, invalid, error }: ParametersFieldProps) {
  const refused = error ? toApiError(error) : null
  const lines = invalid ? [invalid] : refused ? messages(refused) : []
  return (
    <div className="space-y-1.5">
      <label htmlFor="parameters" className="block font-medium">
        Parameters
      </label>
      <textarea
        id="parameters"
        rows={9}
        spellCheck={false}
        className="field font-mono text-[0.8125rem] leading-5"
        value={text}
        aria-invalid={lines.length > 0}
        aria-describedby="parameters-hint parameters-error"
        onChange={(event) => onChange(event.target.value)}
      />
      <p id="parameters-hint" className="text-xs text-muted">
        A JSON object. It starts with the type&apos;s defaults.
      </p>
      <div id="parameters-error" role="alert" className="text-bad">
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
    </div>
  )
}

function messages({ title, detail, fields }: ReturnType<typeof toApiError>): string[] {
  const problems = describeProblems(fields)
  return problems.length > 0 ? problems : [detail || title]
}
