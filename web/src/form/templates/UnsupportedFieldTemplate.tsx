import type { UnsupportedFieldProps } from '@rjsf/utils'

export function UnsupportedFieldTemplate({ reason }: UnsupportedFieldProps) {
  return (
    <p className="rounded-lg bg-warn-soft px-3 py-2.5 text-warn">
      This field cannot be shown{reason ? `: ${reason}` : ''}. Tell the item&apos;s owner.
    </p>
  )
}
