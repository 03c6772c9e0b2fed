import { buttonId, getSchemaType, type ArrayFieldItemTemplateProps } from '@rjsf/utils'
import { IconButton } from '@/ui/IconButton'

/** One entry with its buttons, each of which says which entry it means. */
export function ArrayFieldItemTemplate(props: ArrayFieldItemTemplateProps) {
  const { children, buttonsProps, index, hasToolbar, schema } = props
  const { hasMoveUp, hasMoveDown, hasRemove, fieldPathId, disabled, readonly } = buttonsProps
  const locked = disabled || readonly
  const number = index + 1
  const isGroup = getSchemaType(schema) === 'object'
  return (
    <li className={`flex items-start gap-1 ${isGroup ? '' : '[&_label]:sr-only'}`}>
      <div className="min-w-0 flex-1">{children}</div>
      {hasToolbar && (
        <div className={`flex ${isGroup ? 'mt-3 flex-col' : 'mt-0.5'}`}>
          {(hasMoveUp || hasMoveDown) && (
            <>
              <IconButton
                icon="up"
                label={`Move item ${number} up`}
                id={buttonId(fieldPathId, 'moveUp')}
                disabled={locked || !hasMoveUp}
                onClick={buttonsProps.onMoveUpItem}
              />
              <IconButton
                icon="down"
                label={`Move item ${number} down`}
                id={buttonId(fieldPathId, 'moveDown')}
                disabled={locked || !hasMoveDown}
                onClick={buttonsProps.onMoveDownItem}
              />
            </>
          )}
          {hasRemove && (
            <IconButton
              icon="trash"
              label={`Remove item ${number}`}
              id={buttonId(fieldPathId, 'remove')}
              disabled={locked}
              onClick={buttonsProps.onRemoveItem}
              className="hover:text-bad"
            />
          )}
        </div>
      )}
    </li>
  )
}
