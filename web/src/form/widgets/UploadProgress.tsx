import { Button } from '@/ui/Button'
import { ProgressBar } from '@/ui/ProgressBar'

interface UploadProgressProps {
  name: string
  share: number
  onCancel: () => void
}

export function UploadProgress({ name, share, onCancel }: UploadProgressProps) {
  const percent = Math.round(share * 100)
  return (
    <div className="flex items-center gap-3 rounded-xl border border-line p-3" data-uploading>
      <div className="min-w-0 flex-1 space-y-2">
        <p className="flex justify-between gap-3">
          <span className="truncate font-medium">{name}</span>
          <span className="text-muted tabular-nums">{percent} %</span>
        </p>
        <ProgressBar value={percent} tone="busy" label={`Sending ${name}`} />
      </div>
      <Button size="sm" onClick={onCancel}>
        Stop
      </Button>
    </div>
  )
}
