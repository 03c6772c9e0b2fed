import { useQuery } from '@tanstack/react-query'
import { toApiError } from '@/api/errors'
import { uploadQuery } from '@/api/uploads'
import { bytes, shortId } from '@/lib/format'
import { Button } from '@/ui/Button'
import { Icon } from '@/ui/Icon'
import { IconButton } from '@/ui/IconButton'

interface UploadedFileRowProps {
  uploadId: string
  locked?: boolean
  onReplace: () => void
  onRemove: () => void
}

export function UploadedFileRow({ uploadId, locked, onReplace, onRemove }: UploadedFileRowProps) {
  const { data: file, error } = useQuery(uploadQuery(uploadId))
  return (
    <div className="flex items-center gap-3 rounded-xl border border-line bg-sunken/60 p-2.5 pl-3">
      <Icon name="file" className="size-5 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{file?.name ?? 'A file'}</p>
        {error ? (
          <p className="text-xs text-bad">
            {toApiError(error).status === 404
              ? 'It is no longer there: choose it again.'
              : toApiError(error).title}
          </p>
        ) : (
          <p className="text-xs text-muted">{file ? bytes(file.size) : shortId(uploadId)}</p>
        )}
      </div>
      <Button size="sm" disabled={locked} onClick={onReplace}>
        Replace
      </Button>
      <IconButton icon="trash" label="Remove the file" disabled={locked} onClick={onRemove} />
    </div>
  )
}
