import { useRef, useState, type DragEvent } from 'react'
import { errorId } from '@rjsf/utils'
import { Button } from '@/ui/Button'
import { Icon } from '@/ui/Icon'
import { ariaProps } from '../describe'
import type { WidgetProps } from '../types'
import { UploadedFileRow } from './UploadedFileRow'
import { UploadProgress } from './UploadProgress'
import { useUpload } from './use-upload'

/** `format: "upload"`: the file is sent at once, the form keeps the id it got. */
export function UploadWidget(props: WidgetProps) {
  const { id, value, disabled, readonly, options, label, onChange, onBlur } = props
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const { progress, error, send, cancel } = useUpload(onChange)
  const locked = disabled || readonly
  const choose = () => input.current?.click()

  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const file = event.dataTransfer.files[0]
    if (file && !locked) void send(file)
  }
  const aria = ariaProps(props)

  return (
    <div className="space-y-1.5">
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        data-upload={id}
        accept={typeof options.accept === 'string' ? options.accept : undefined}
        disabled={locked}
        onChange={(event) => {
          const file = event.target.files?.[0]
          // The same file chosen again must count as a change.
          event.target.value = ''
          if (file) void send(file)
        }}
      />
      {progress && <UploadProgress name={progress.name} share={progress.share} onCancel={cancel} />}
      {!progress && typeof value === 'string' && (
        <UploadedFileRow
          uploadId={value}
          locked={locked}
          onReplace={choose}
          onRemove={() => onChange(undefined)}
        />
      )}
      <div
        hidden={Boolean(progress) || typeof value === 'string'}
        data-over={over || undefined}
        data-invalid={aria['aria-invalid']}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
        className="flex flex-wrap items-center justify-center gap-x-3 gap-y-2 rounded-xl border border-dashed border-field px-4 py-6 text-muted transition-colors data-invalid:border-bad data-over:border-brand data-over:bg-brand-soft"
      >
        <Icon name="upload" className="size-5" />
        <span>Drop a file here or</span>
        <Button
          id={id}
          // The field's label alone would hide what the button says.
          aria-labelledby={`${id}__label ${id}`}
          size="sm"
          disabled={locked}
          onClick={choose}
          onBlur={() => onBlur(id, value)}
          aria-describedby={
            error ? `${aria['aria-describedby']} ${errorId(id)}-upload` : aria['aria-describedby']
          }
        >
          Choose a file
        </Button>
      </div>
      {error && (
        <p id={`${errorId(id)}-upload`} role="alert" className="text-[0.8125rem] text-bad">
          {error}
        </p>
      )}
    </div>
  )
}
