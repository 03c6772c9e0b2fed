import type { ReactNode } from 'react'
import { IconButton } from '@/ui/IconButton'
import type { FieldTemplateProps } from '../types'

/** A property whose name is the user's own. The name is taken over on blur: renaming at every letter loses the focus. */
export function AdditionalProperty(props: Omit<FieldTemplateProps, 'children'> & { children: ReactNode }) {
  const { id, label, disabled, readonly, onKeyRenameBlur, onRemoveProperty, children } = props
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,2fr)_auto] items-start gap-3">
      <div className="space-y-1.5">
        <label htmlFor={`${id}-key`} className="block font-medium">
          Name
        </label>
        <input
          key={label}
          id={`${id}-key`}
          className="field"
          defaultValue={label}
          disabled={disabled || readonly}
          onBlur={onKeyRenameBlur}
        />
      </div>
      {children}
      <IconButton
        icon="trash"
        label={`Remove ${label}`}
        disabled={disabled || readonly}
        onClick={onRemoveProperty}
        className="mt-7"
      />
    </div>
  )
}
