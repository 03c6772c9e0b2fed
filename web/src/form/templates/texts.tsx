import {
  errorId,
  helpId,
  type DescriptionFieldProps,
  type FieldErrorProps,
  type FieldHelpProps,
} from '@rjsf/utils'
import { Icon } from '@/ui/Icon'

export function DescriptionFieldTemplate({ id, description }: DescriptionFieldProps) {
  if (!description) return null
  return (
    <div id={id} className="text-[0.8125rem] text-muted">
      {description}
    </div>
  )
}

export function FieldHelpTemplate({ fieldPathId, help }: FieldHelpProps) {
  if (!help) return null
  return (
    <div id={helpId(fieldPathId)} className="text-[0.8125rem] text-muted">
      {help}
    </div>
  )
}

export function FieldErrorTemplate({ errors = [], fieldPathId }: FieldErrorProps) {
  if (errors.length === 0) return null
  return (
    <ul id={errorId(fieldPathId)} className="space-y-0.5 text-[0.8125rem] text-bad">
      {errors.map((error, index) => (
        <li key={index} className="flex items-start gap-1.5">
          <Icon name="alert" className="mt-0.5 size-3.5" />
          <span className="first-letter:uppercase">{error === 'is required' ? 'Required' : error}</span>
        </li>
      ))}
    </ul>
  )
}
