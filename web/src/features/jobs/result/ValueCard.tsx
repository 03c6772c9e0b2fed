import { useState } from 'react'
import { Card } from '@/ui/Card'
import { CopyButton } from '@/ui/CopyButton'
import { IconButton } from '@/ui/IconButton'
import { Value } from './Value'

/** A JSON value to read, or as the JSON it is. */
export function ValueCard({ title, value }: { title: string; value: unknown }) {
  const [raw, setRaw] = useState(false)
  const json = JSON.stringify(value, null, 2)
  return (
    <Card
      title={title}
      actions={
        <>
          <IconButton
            icon="code"
            label={`${title} as JSON`}
            aria-pressed={raw}
            onClick={() => setRaw(!raw)}
          />
          <CopyButton text={json} label={`Copy the ${title.toLowerCase()} as JSON`} className="size-8" />
        </>
      }
    >
      <div className="p-4">
        {raw ? (
          <pre tabIndex={0} className="max-h-128 overflow-auto font-mono text-xs leading-5">
            {json}
          </pre>
        ) : (
          <Value value={value} />
        )}
      </div>
    </Card>
  )
}
