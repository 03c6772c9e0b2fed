import { isRecord } from '@/lib/is-record'
import { asRows, isLink } from './kinds'
import { ValueTable } from './ValueTable'

/** Any JSON value, by its shape. */
export function Value({ value, depth = 0 }: { value: unknown; depth?: number }) {
  const table = asRows(value)
  if (table)
    return <ValueTable {...table} renderCell={(member) => <Value value={member} depth={depth + 1} />} />
  if (Array.isArray(value)) return <ValueList values={value} depth={depth} />
  if (isRecord(value)) return <ValueFields fields={value} depth={depth} />
  if (isLink(value))
    return (
      <a
        href={value}
        rel="noopener noreferrer nofollow"
        target="_blank"
        className="rounded break-all text-brand underline underline-offset-2"
      >
        {value}
      </a>
    )
  if (value === null || value === '')
    return <span className="text-faint">{value === null ? 'none' : 'empty'}</span>
  if (typeof value === 'string') return <span className="break-words whitespace-pre-wrap">{value}</span>
  if (typeof value === 'boolean') return <span>{value ? 'yes' : 'no'}</span>
  return (
    <span className="tabular-nums">
      {typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 12 }) : String(value)}
    </span>
  )
}

function ValueList({ values, depth }: { values: unknown[]; depth: number }) {
  if (values.length === 0) return <span className="text-faint">empty list</span>
  return (
    <ol className="list-decimal space-y-1 pl-6 marker:text-faint">
      {values.map((value, index) => (
        <li key={index}>
          <Value value={value} depth={depth + 1} />
        </li>
      ))}
    </ol>
  )
}

function ValueFields({ fields, depth }: { fields: Record<string, unknown>; depth: number }) {
  const entries = Object.entries(fields)
  if (entries.length === 0) return <span className="text-faint">nothing</span>
  return (
    <dl
      className={`grid grid-cols-1 gap-x-6 gap-y-2.5 sm:grid-cols-[minmax(7rem,max-content)_minmax(0,1fr)] ${depth > 0 ? 'border-l-2 border-line pl-3' : ''}`}
    >
      {entries.map(([name, value]) => (
        <div key={name} className="contents max-sm:block">
          <dt className="break-words text-muted">{name}</dt>
          <dd className="min-w-0">
            <Value value={value} depth={depth + 1} />
          </dd>
        </div>
      ))}
    </dl>
  )
}
