import { ADDITIONAL_PROPERTY_FLAG, getSchemaType, getUiOptions } from '@rjsf/utils'
import type { FieldTemplateProps } from '../types'
import { AdditionalProperty } from './AdditionalProperty'
import { FieldLabel } from './FieldLabel'

/** Label, description, control, help and errors of one field, in this order. */
export function FieldTemplate(props: FieldTemplateProps) {
  const { id, label, children, errors, help, description, hidden, required, displayLabel } = props
  const { schema, uiSchema, registry } = props
  // A discriminator has one possible value: nothing to ask.
  if (hidden || schema.const !== undefined) return <div className="hidden">{children}</div>
  const { widget = 'checkbox' } = getUiOptions(uiSchema)
  const isCheckbox = getSchemaType(schema) === 'boolean' && widget === 'checkbox'
  // A choice between shapes labels its own selector.
  const isUnion = Boolean(schema.oneOf ?? schema.anyOf) && !registry.schemaUtils.isSelect(schema)
  const showLabel = displayLabel && !isCheckbox && !isUnion
  const field = (
    <div className="min-w-0 space-y-1.5" data-field={id}>
      {showLabel && <FieldLabel id={id} text={label} required={required} />}
      {displayLabel && !isCheckbox && description}
      {children}
      {help}
      {errors}
    </div>
  )
  return ADDITIONAL_PROPERTY_FLAG in schema ? (
    <AdditionalProperty {...props}>{field}</AdditionalProperty>
  ) : (
    field
  )
}
