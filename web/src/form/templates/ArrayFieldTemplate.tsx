import { buttonId, getUiOptions, titleId, type ArrayFieldTemplateProps } from '@rjsf/utils'
import { Button } from '@/ui/Button'

export function ArrayFieldTemplate(props: ArrayFieldTemplateProps) {
  const { items, canAdd, onAddClick, fieldPathId, schema, uiSchema, title, disabled, readonly, required } =
    props
  const options = getUiOptions(uiSchema)
  const description = options.description ?? schema.description
  const name = options.title ?? title
  return (
    <fieldset id={fieldPathId.$id} tabIndex={-1} className="space-y-2 outline-none">
      {name && (
        <legend id={titleId(fieldPathId)} className="font-medium">
          {name}
          {required && (
            <span aria-hidden="true" className="ml-0.5 text-bad">
              *
            </span>
          )}
        </legend>
      )}
      {description && <p className="text-[0.8125rem] text-muted">{description}</p>}
      {items.length === 0 && (
        <p className="rounded-lg border border-dashed border-line px-3 py-2.5 text-muted">
          Nothing added yet.
        </p>
      )}
      <ol className="space-y-2">{items}</ol>
      {canAdd && (
        <Button
          size="sm"
          icon="plus"
          id={buttonId(fieldPathId, 'add')}
          disabled={disabled || readonly}
          onClick={(event) => onAddClick(event)}
          aria-label={name ? `Add to ${name}` : undefined}
        >
          Add
        </Button>
      )}
    </fieldset>
  )
}
