import {
  enumOptionsDeselectValue,
  enumOptionsIsSelected,
  enumOptionsSelectValue,
  optionId,
} from '@rjsf/utils'
import { ariaProps } from '../describe'
import type { WidgetProps } from '../types'

export function CheckboxesWidget(props: WidgetProps) {
  const { id, options, value, disabled, readonly, onChange, onBlur, onFocus } = props
  const { enumOptions = [], enumDisabled = [] } = options
  const chosen: unknown[] = Array.isArray(value) ? value : []
  const { 'aria-describedby': describedBy } = ariaProps(props)
  const toggle = (index: number, checked: boolean) =>
    onChange(
      checked
        ? enumOptionsSelectValue(index, chosen, enumOptions)
        : enumOptionsDeselectValue(index, chosen, enumOptions),
    )
  return (
    <div
      id={id}
      role="group"
      tabIndex={-1}
      aria-labelledby={`${id}__label`}
      aria-describedby={describedBy}
      className="flex flex-wrap gap-x-5 gap-y-2 outline-none"
    >
      {enumOptions.map((option, index) => (
        <label key={index} className="flex items-center gap-2">
          <input
            type="checkbox"
            id={optionId(id, index)}
            className="size-4"
            checked={enumOptionsIsSelected(option.value, chosen)}
            disabled={disabled || readonly || enumDisabled.includes(option.value)}
            onChange={(event) => toggle(index, event.target.checked)}
            onBlur={() => onBlur(id, value)}
            onFocus={() => onFocus(id, value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  )
}
