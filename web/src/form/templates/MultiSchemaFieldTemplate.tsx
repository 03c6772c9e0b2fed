import { getUiOptions, type MultiSchemaFieldTemplateProps } from '@rjsf/utils'
import { isValidElement } from 'react'
import { FieldLabel } from './FieldLabel'

/** A choice between shapes: which one, and below it that one's fields (whose own title would repeat the choice). */
export function MultiSchemaFieldTemplate(props: MultiSchemaFieldTemplateProps) {
  const { selector, optionSchemaField, schema, uiSchema } = props
  const title = getUiOptions(uiSchema).title ?? schema.title ?? 'Kind'
  const control = isValidElement<{ id: string }>(selector) ? selector.props.id : ''
  return (
    <div className="space-y-3 [&>[data-field]>fieldset>legend]:sr-only">
      {selector && (
        <div className="space-y-1.5">
          <FieldLabel id={control} text={title} marked={false} />
          {selector}
        </div>
      )}
      {optionSchemaField}
    </div>
  )
}
