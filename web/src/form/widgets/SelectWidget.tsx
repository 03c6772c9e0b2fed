import { enumOptionsIndexForValue, enumOptionsValueForIndex } from '@rjsf/utils'
import type { ChangeEvent } from 'react'
import { ariaProps } from '../describe'
import type { WidgetProps } from '../types'

/** Options are addressed by their position, because their values need not be text. */
export function SelectWidget(props: WidgetProps) {
  const { id, htmlName, value, options, multiple, required, disabled, readonly, placeholder, schema } = props
  const { enumOptions = [], enumDisabled = [], emptyValue } = options
  const chosen = enumOptionsIndexForValue(value, enumOptions, multiple)
  const change = ({ target }: ChangeEvent<HTMLSelectElement>) => {
    const picked = multiple ? Array.from(target.selectedOptions, (option) => option.value) : target.value
    props.onChange(enumOptionsValueForIndex(picked, enumOptions, emptyValue))
  }
  const canBeEmpty = !multiple && (schema.default === undefined || !required || chosen === undefined)
  return (
    <select
      {...ariaProps(props)}
      id={id}
      name={htmlName ?? id}
      multiple={multiple}
      className={`field ${multiple ? '' : 'max-w-96'}`}
      value={chosen ?? (multiple ? [] : '')}
      disabled={disabled || readonly}
      onChange={change}
      onBlur={() => props.onBlur(id, value)}
      onFocus={() => props.onFocus(id, value)}
    >
      {canBeEmpty && <option value="">{placeholder || '—'}</option>}
      {enumOptions.map((option, index) => (
        <option key={index} value={String(index)} disabled={enumDisabled.includes(option.value)}>
          {option.label}
        </option>
      ))}
    </select>
  )
}
