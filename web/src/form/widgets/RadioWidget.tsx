import { enumOptionsIsSelected, optionId } from '@rjsf/utils'
import { ariaProps } from '../describe'
import type { WidgetProps } from '../types'

export function RadioWidget(props: WidgetProps) {
  const { id, options, value, disabled, readonly, onChange, onBlur, onFocus } = props
  const { enumOptions = [], enumDisabled = [], inline } = options
  const { 'aria-describedby': describedBy, 'aria-invalid': invalid } = ariaProps(props)
  return (
    <div
      id={id}
      role="radiogroup"
      tabIndex={-1}
      aria-labelledby={`${id}__label`}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      className={`flex gap-x-5 gap-y-2 outline-none ${inline || enumOptions.length <= 3 ? 'flex-wrap' : 'flex-col'}`}
    >
      {enumOptions.map((option, index) => (
        <label key={index} className="flex items-center gap-2">
          <input
            type="radio"
            id={optionId(id, index)}
            name={id}
            className="size-4"
            checked={enumOptionsIsSelected(option.value, value)}
            disabled={disabled || readonly || enumDisabled.includes(option.value)}
            onChange={() => onChange(option.value)}
            onBlur={() => onBlur(id, value)}
            onFocus={() => onFocus(id, value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  )
}
