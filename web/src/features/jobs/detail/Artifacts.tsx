import { artifactUrl } from '@/api/jobs'
import type { Artifact } from '@/api/types'
import { bytes, plural } from '@/lib/format'
import { Card } from '@/ui/Card'
import { Icon } from '@/ui/Icon'

export function Artifacts({ jobId, artifacts }: { jobId: string; artifacts: Artifact[] }) {
  return (
    <Card
      title={
        <>
          Files <span className="ml-1 font-normal text-muted">{plural(artifacts.length, 'file')}</span>
        </>
      }
    >
      <ul className="divide-y divide-line">
        {artifacts.map(({ name, size, content_type }) => (
          <li key={name}>
            <a
              href={artifactUrl(jobId, name)}
              download={name}
              className="group flex items-center gap-3 px-4 py-2.5 -outline-offset-2 last:rounded-b-xl hover:bg-sunken"
            >
              <Icon name="file" className="size-5 text-faint" />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium group-hover:text-brand">{name}</span>
                <span className="block truncate text-xs text-muted">
                  {bytes(size)} · {content_type}
                </span>
              </span>
              <Icon name="download" className="size-4 text-muted group-hover:text-brand" />
            </a>
          </li>
        ))}
      </ul>
    </Card>
  )
}
