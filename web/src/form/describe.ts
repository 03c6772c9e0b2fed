import { descriptionId, errorId, helpId } from '@rjsf/utils'
import type { WidgetProps } from './types'

/** What a control needs to tell a screen reader about itself. */
export function ariaProps({ id, rawErrors, required }: Pick<WidgetProps, 'id' | 'rawErrors' | 'required'>) {
  const invalid = Boolean(rawErrors?.length)
  const describedBy = [invalid && errorId(id), descriptionId(id), helpId(id)].filter(Boolean).join(' ')
  return {
    'aria-invalid': invalid || undefined,
    'aria-required': required || undefined,
    'aria-describedby': describedBy,
  }
}
