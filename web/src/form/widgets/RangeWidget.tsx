import { rangeSpec } from '@rjsf/utils'
import { ariaProps } from '../describe'
import type { WidgetProps } from '../types'

export function RangeWidget(props: WidgetProps) {
  const { id, htmlName, value, schema, disabled, readonly, onChange, onBlur, onFocus } = props
  const current = typeof value === 'number' ? value : undefined
  return (
    <div className="flex items-center gap-3">
      <input
        {...rangeSpec(schema)}
        {...ariaProps({ ...props, required: false })}
        type="range"
        id={id}
        name={htmlName ?? id}
        className="h-9 max-w-md flex-1"
        value={current ?? schema.minimum ?? 0}
        disabled={disabled || readonly}
        onChange={(event) => onChange(event.target.valueAsNumber)}
        onBlur={() => onBlur(id, value)}
        onFocus={() => onFocus(id, value)}
      />
      <output htmlFor={id} className="w-14 font-medium tabular-nums">
        {current ?? '—'}
      </output>
    </div>
  )
}
