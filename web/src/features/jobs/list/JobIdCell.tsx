import { Link } from '@tanstack/react-router'
import { shortId } from '@/lib/format'
import { CopyButton } from '@/ui/CopyButton'

export function JobIdCell({ id }: { id: string }) {
  return (
    <span className="group/id inline-flex items-center gap-0.5">
      <Link
        to="/jobs/$jobId"
        params={{ jobId: id }}
        title={id}
        className="rounded font-mono text-[0.8125rem] text-muted hover:text-brand hover:underline"
      >
        {shortId(id)}
      </Link>
      <CopyButton
        text={id}
        label={`Copy job id ${id}`}
        className="opacity-0 group-hover/id:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
      />
    </span>
  )
}
