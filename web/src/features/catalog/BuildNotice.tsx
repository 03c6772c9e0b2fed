import type { Descriptor } from '@/api/types'
import { Icon } from '@/ui/Icon'
import { Spinner } from '@/ui/Spinner'

/** Tells why a version cannot run, or cannot yet. */
export function BuildNotice({ build }: { build: Descriptor['build'] }) {
  if (build.status === 'failed')
    return (
      <div role="alert" className="flex gap-3 rounded-xl bg-bad-soft p-4 text-bad">
        <Icon name="alert" className="mt-0.5 size-4" />
        <div className="min-w-0 space-y-1">
          <p className="font-semibold">This version cannot run: its dependencies could not be installed</p>
          {build.message && (
            <p className="font-mono text-xs break-words whitespace-pre-wrap">{build.message}</p>
          )}
          <p>Choose another version, or tell its owner.</p>
        </div>
      </div>
    )
  if (build.status === 'pending')
    return (
      <p role="status" className="flex items-center gap-3 rounded-xl bg-busy-soft p-4 text-busy">
        <Spinner />
        Its dependencies are being installed. You can fill in the form and start it; the run waits for them.
      </p>
    )
  return null
}
