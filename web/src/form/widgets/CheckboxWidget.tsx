import { descriptionId } from '@rjsf/utils'
import { ariaProps } from '../describe'
import type { WidgetProps } from '../types'

export function CheckboxWidget(props: WidgetProps) {
  const { id, htmlName, label, value, schema, options, disabled, readonly, onChange, onBlur, onFocus } = props
  const description = options.description ?? schema.description
  return (
    <div className="flex items-start gap-2.5">
      <input
        {...ariaProps({ ...props, required: false })}
        id={id}
        name={htmlName ?? id}
        type="checkbox"
        className="mt-0.5 size-4 shrink-0"
        checked={value === true}
        disabled={disabled || readonly}
        onChange={(event) => onChange(event.target.checked)}
        onBlur={(event) => onBlur(id, event.target.checked)}
        onFocus={(event) => onFocus(id, event.target.checked)}
      />
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {description && (
          <p id={descriptionId(id)} className="text-[0.8125rem] text-muted">
            {description}
          </p>
        )}
      </div>
    </div>
  )
}
