import { useState } from 'react'
import { IconButton } from '@/ui/IconButton'
import { ariaProps } from '../describe'
import type { WidgetProps } from '../types'

export function PasswordWidget(props: WidgetProps) {
  const { id, htmlName, value, options, placeholder, disabled, readonly, onChange, onBlur, onFocus } = props
  const [shown, setShown] = useState(false)
  return (
    <div className="relative">
      <input
        {...ariaProps(props)}
        id={id}
        name={htmlName ?? id}
        type={shown ? 'text' : 'password'}
        // Not "off": browsers would offer to save it as this site's password.
        autoComplete="new-password"
        spellCheck={false}
        className="field pr-10"
        value={typeof value === 'string' ? value : ''}
        placeholder={placeholder}
        disabled={disabled}
        readOnly={readonly}
        onChange={(event) => onChange(event.target.value === '' ? options.emptyValue : event.target.value)}
        onBlur={(event) => onBlur(id, event.target.value)}
        onFocus={(event) => onFocus(id, event.target.value)}
      />
      <IconButton
        icon={shown ? 'eye-off' : 'eye'}
        label={shown ? 'Hide' : 'Show'}
        onClick={() => setShown(!shown)}
        className="absolute top-0.5 right-0.5"
      />
    </div>
  )
}
