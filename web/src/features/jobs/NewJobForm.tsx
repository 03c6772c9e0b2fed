import { useState, type FormEvent } from 'react'
import type { ReportType } from '@/api/types'
import { Button } from '@/ui/Button'
import { defaultParameters, parseParameters } from './parameters-json'
import { ParametersField } from './ParametersField'
import { useCreateJob } from './use-create-job'

interface NewJobFormProps {
  types: ReportType[]
  onClose: () => void
}

/** For those who know what they want to send: any report type, with its parameters as JSON. */
export function NewJobForm({ types, onClose }: NewJobFormProps) {
  const [reportType, setReportType] = useState(types[0]?.report_type ?? '')
  const [text, setText] = useState(() => defaultParameters(types[0]?.schema ?? {}))
  const [invalid, setInvalid] = useState<string | null>(null)
  const create = useCreateJob(onClose)

  const choose = (name: string) => {
    setReportType(name)
    setText(defaultParameters(types.find((type) => type.report_type === name)?.schema ?? {}))
    setInvalid(null)
    create.reset()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const parsed = parseParameters(text)
    setInvalid(parsed.ok ? null : parsed.message)
    if (parsed.ok) create.mutate({ reportType, parameters: parsed.value })
  }

  return (
    <form onSubmit={submit} noValidate>
      <div className="space-y-4 p-5">
        <div className="space-y-1.5">
          <label htmlFor="report-type" className="block font-medium">
            Report type
          </label>
          <select
            id="report-type"
            className="field"
            value={reportType}
            onChange={(event) => choose(event.target.value)}
          >
            {types.map((type) => (
              <option key={type.report_type} value={type.report_type}>
                {type.title === type.report_type ? type.title : `${type.title} (${type.report_type})`}
              </option>
            ))}
          </select>
        </div>
        <ParametersField
          text={text}
          onChange={(value) => {
            setText(value)
            setInvalid(null)
          }}
          invalid={invalid}
          error={create.error}
        />
      </div>
      <footer className="flex justify-end gap-2 border-t border-line px-5 py-3.5">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" tone="primary" icon="play" pending={create.isPending}>
          Start
        </Button>
      </footer>
    </form>
  )
}
