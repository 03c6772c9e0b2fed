interface FieldLabelProps {
  id: string
  text: string
  required?: boolean
  /** Whether to say that it is required or optional. */
  marked?: boolean
}

export function FieldLabel({ id, text, required, marked = true }: FieldLabelProps) {
  if (!text) return null
  return (
    <label htmlFor={id} id={`${id}__label`} className="block w-fit font-medium">
      {text}
      {!marked ? null : required ? (
        <span aria-hidden="true" className="ml-0.5 text-bad" title="Required">
          *
        </span>
      ) : (
        <span className="ml-1.5 text-xs font-normal text-faint">optional</span>
      )}
    </label>
  )
}
