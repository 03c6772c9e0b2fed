/** Names of files sent from this tab. The form holds ids only, so a reload would otherwise show nothing but those. */

export interface UploadedFile {
  name: string
  size: number
}

const key = (uploadId: string) => `portal.upload.${uploadId}`

export function rememberUpload(uploadId: string, { name, size }: UploadedFile) {
  sessionStorage.setItem(key(uploadId), JSON.stringify({ name, size }))
}

export function recallUpload(uploadId: string): UploadedFile | null {
  const stored = sessionStorage.getItem(key(uploadId))
  // Written only by rememberUpload above.
  return stored ? (JSON.parse(stored) as UploadedFile) : null
}
