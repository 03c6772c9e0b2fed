import { queryOptions } from '@tanstack/react-query'
import { api, unwrap } from './client'
import { fromNetwork, fromResponse } from './errors'
import type { Upload } from './types'

/** Which file stands behind an id: the form holds ids only. */
export const uploadQuery = (uploadId: string) =>
  queryOptions({
    queryKey: ['upload', uploadId],
    queryFn: ({ signal }) =>
      unwrap(api.GET('/uploads/{upload_id}', { params: { path: { upload_id: uploadId } }, signal })),
    staleTime: Infinity,
  })

interface UploadHandle {
  done: Promise<Upload>
  abort: () => void
}

/** Sends one file. An XMLHttpRequest, because fetch cannot report the progress of what it sends. */
export function uploadFile(file: File, onProgress: (share: number) => void): UploadHandle {
  const request = new XMLHttpRequest()
  const done = new Promise<Upload>((resolve, reject) => {
    request.upload.addEventListener('progress', (e) => e.lengthComputable && onProgress(e.loaded / e.total))
    request.addEventListener('load', () => {
      const body = parse(request.responseText)
      // The API's own schema: a 2xx answer of POST /uploads is an Upload.
      if (request.status >= 200 && request.status < 300) resolve(body as Upload)
      else reject(fromResponse(request.status, body, request.getResponseHeader('X-Request-ID')))
    })
    request.addEventListener('error', () => reject(fromNetwork()))
    request.addEventListener('abort', () => reject(new DOMException('Upload cancelled', 'AbortError')))
  })
  const body = new FormData()
  body.append('file', file)
  request.open('POST', '/uploads')
  request.send(body)
  return { done, abort: () => request.abort() }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
