import { buttonId, canExpand, descriptionId, titleId, type ObjectFieldTemplateProps } from '@rjsf/utils'
import { Button } from '@/ui/Button'

/** The form itself, or a group of fields inside it. */
export function ObjectFieldTemplate(props: ObjectFieldTemplateProps) {
  const { title, description, properties, fieldPathId, schema, uiSchema, formData, disabled, readonly } =
    props
  if ((schema.oneOf || schema.anyOf) && !schema.properties && properties.length === 0) return null
  const isRoot = fieldPathId.path.length === 0
  const fields = properties.map((property) => property.content)
  const add = canExpand(schema, uiSchema, formData) && (
    <Button
      size="sm"
      icon="plus"
      id={buttonId(fieldPathId, 'add')}
      disabled={disabled || readonly}
      onClick={props.onAddProperty}
    >
      Add a field
    </Button>
  )
  if (isRoot)
    return (
      <div className="space-y-6">
        {description && <p className="text-muted">{description}</p>}
        {fields}
        {add}
      </div>
    )
  return (
    <fieldset id={fieldPathId.$id} className="rounded-xl border border-line p-4">
      {title && (
        <legend id={titleId(fieldPathId)} className="-ml-1 px-1 font-medium">
          {title}
        </legend>
      )}
      <div className="space-y-5">
        {description && (
          <p id={descriptionId(fieldPathId)} className="text-[0.8125rem] text-muted">
            {description}
          </p>
        )}
        {fields}
        {add}
      </div>
    </fieldset>
  )
}
