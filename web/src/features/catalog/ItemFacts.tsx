import { Link } from '@tanstack/react-router'
import type { Descriptor } from '@/api/types'
import { shortDigest } from '@/lib/format'
import { CopyButton } from '@/ui/CopyButton'
import { Card } from '@/ui/Card'
import { manifestFacts } from './manifest'

export function ItemFacts({ descriptor }: { descriptor: Descriptor }) {
  return (
    <Card title="About">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 p-4 [&_dd]:min-w-0 [&_dd]:text-right [&_dd]:break-words [&_dt]:text-muted">
        <dt>Item</dt>
        <dd className="font-mono text-[0.8125rem]">
          {descriptor.item_id}@{descriptor.version}
        </dd>
        {manifestFacts(descriptor).map(([name, value]) => (
          <div key={name} className="contents">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <dt className="self-center">Digest</dt>
        <dd className="flex items-center justify-end font-mono text-[0.8125rem]">
          <span title={descriptor.digest}>{shortDigest(descriptor.digest)}</span>
          <CopyButton text={descriptor.digest} label="Copy the digest" />
        </dd>
      </dl>
      <footer className="border-t border-line px-4 py-2.5">
        <Link
          to="/jobs"
          search={{ type: descriptor.item_id }}
          className="rounded font-medium text-brand hover:underline"
        >
          See its runs
        </Link>
      </footer>
    </Card>
  )
}
