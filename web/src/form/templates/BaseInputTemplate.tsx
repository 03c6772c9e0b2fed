import { examplesId, getInputProps, type BaseInputTemplateProps } from '@rjsf/utils'
import type { ChangeEvent } from 'react'
import { ariaProps } from '../describe'

/** Every one-line field: text, number, e-mail, URL, date, time … */
export function BaseInputTemplate(props: BaseInputTemplateProps) {
  const { id, htmlName, value, readonly, disabled, autofocus, onBlur, onFocus, onChange, onChangeOverride } =
    props
  const { options, schema, type, placeholder, required, rawErrors } = props
  const input = getInputProps(schema, type, options)
  const isNumber = input.type === 'number'
  const shown: unknown = value ?? ''
  const change = (event: ChangeEvent<HTMLInputElement>) => {
    const text = event.target.value
    onChange(text === '' ? options.emptyValue : text)
  }
  const examples = Array.isArray(schema.examples) ? schema.examples.map(String) : []
  return (
    <>
      <input
        {...input}
        {...ariaProps({ id, rawErrors, required })}
        id={id}
        name={htmlName ?? id}
        className={`field ${isNumber ? 'max-w-56 tabular-nums' : ''} ${input.type === 'color' ? 'h-9 max-w-20 p-1' : ''} ${/date|time/.test(input.type) ? 'max-w-64' : ''}`}
        value={typeof shown === 'number' ? shown : String(shown)}
        placeholder={placeholder}
        readOnly={readonly}
        disabled={disabled}
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- asked for by the item's UI schema
        autoFocus={autofocus}
        list={examples.length ? examplesId(id) : undefined}
        onChange={onChangeOverride ?? change}
        onBlur={(event) => onBlur(id, event.target.value)}
        onFocus={(event) => onFocus(id, event.target.value)}
      />
      {examples.length > 0 && (
        <datalist id={examplesId(id)}>
          {examples.map((example) => (
            <option key={example}>{example}</option>
          ))}
        </datalist>
      )}
    </>
  )
}
