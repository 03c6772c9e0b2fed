import { ariaProps } from '../describe'
import type { WidgetProps } from '../types'

export function TextareaWidget(props: WidgetProps) {
  const { id, htmlName, value, options, placeholder, disabled, readonly, onChange, onBlur, onFocus } = props
  return (
    <textarea
      {...ariaProps(props)}
      id={id}
      name={htmlName ?? id}
      rows={typeof options.rows === 'number' ? options.rows : 6}
      className="field min-h-20 resize-y leading-5"
      value={typeof value === 'string' ? value : ''}
      placeholder={placeholder}
      disabled={disabled}
      readOnly={readonly}
      onChange={(event) => onChange(event.target.value === '' ? options.emptyValue : event.target.value)}
      onBlur={(event) => onBlur(id, event.target.value)}
      onFocus={(event) => onFocus(id, event.target.value)}
    />
  )
}
