import { useEffect, useRef } from 'react'
import { plural } from '@/lib/format'

export interface SummaryEntry {
  fieldId: string
  text: string
}

/** All that is wrong, above the form, each a link to its field. Takes the focus when it appears. */
export function ErrorSummary({ entries }: { entries: SummaryEntry[] }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (entries.length > 0) box.current?.focus()
  }, [entries])
  if (entries.length === 0) return null
  return (
    <div
      ref={box}
      role="alert"
      tabIndex={-1}
      className="mb-6 space-y-2 rounded-xl bg-bad-soft p-4 text-bad outline-offset-2"
    >
      <h3 className="font-semibold">{plural(entries.length, 'thing')} to correct</h3>
      <ul className="list-disc space-y-1 pl-5">
        {entries.map(({ fieldId, text }) => (
          <li key={`${fieldId} ${text}`}>
            <button
              type="button"
              className="rounded text-left underline underline-offset-2"
              onClick={() => focusField(fieldId)}
            >
              {text}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function focusField(id: string) {
  const control = document.getElementById(id) ?? document.querySelector(`[data-field="${CSS.escape(id)}"]`)
  if (!(control instanceof HTMLElement)) return
  control.scrollIntoView({ block: 'center' })
  control.focus({ preventScroll: true })
}
