import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { sentence } from '@/api/errors'
import { uploadFile, uploadQuery } from '@/api/uploads'

type Progress = { name: string; share: number } | null

/** Sends one file at a time; a second one replaces the first, and leaving the page stops it. */
export function useUpload(onDone: (uploadId: string) => void) {
  const queryClient = useQueryClient()
  const [progress, setProgress] = useState<Progress>(null)
  const [error, setError] = useState<string | null>(null)
  const abort = useRef<() => void>(undefined)
  useEffect(() => () => abort.current?.(), [])

  const send = async (file: File) => {
    abort.current?.()
    setError(null)
    setProgress({ name: file.name, share: 0 })
    const upload = uploadFile(file, (share) => setProgress({ name: file.name, share }))
    abort.current = upload.abort
    try {
      const done = await upload.done
      queryClient.setQueryData(uploadQuery(done.upload_id).queryKey, done)
      setProgress(null)
      onDone(done.upload_id)
    } catch (reason) {
      if (reason instanceof DOMException) return
      setProgress(null)
      setError(`${file.name}: ${sentence(reason)}`)
    }
  }
  const cancel = () => {
    abort.current?.()
    setProgress(null)
  }
  return { progress, error, send, cancel }
}
