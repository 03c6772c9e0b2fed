import { useEffect, useRef, useState } from 'react'
import { Icon } from './Icon'

interface SearchInputProps {
  label: string
  value: string
  onChange: (value: string) => void
  delayMs?: number
}

/** Shows what is typed at once and tells it when the typing pauses. */
export function SearchInput({ label, value, onChange, delayMs = 250 }: SearchInputProps) {
  const [text, setText] = useState(value)
  const [before, setBefore] = useState(value)
  const [typing, setTyping] = useState(false)
  const timer = useRef(0)
  useEffect(() => () => window.clearTimeout(timer.current), [])

  // The value changed: it is what was typed, or it came from elsewhere ("Clear", the Back button).
  if (value !== before) {
    setBefore(value)
    if (!typing) setText(value)
  }
  const type = (typed: string) => {
    setText(typed)
    setTyping(true)
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(() => {
      setTyping(false)
      onChange(typed)
    }, delayMs)
  }
  return (
    <div className="relative min-w-0 flex-1 basis-56">
      <Icon name="search" className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-faint" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        className="field pl-8.5"
        value={text}
        onChange={(event) => type(event.target.value)}
      />
    </div>
  )
}
