import type { RJSFSchema } from '@rjsf/utils'
import { isRecord } from '@/lib/is-record'
import { withoutSecrets } from './sensitive'
import type { FormData } from './validator'

/** A half-filled form survives a reload and a look at another page, in this tab only. */

const key = (name: string) => `portal.draft.${name}`

export function loadDraft(name: string): FormData | null {
  const stored = sessionStorage.getItem(key(name))
  const value: unknown = stored ? JSON.parse(stored) : null
  return isRecord(value) ? value : null
}

export function saveDraft(name: string, data: FormData, schema: RJSFSchema) {
  try {
    sessionStorage.setItem(key(name), JSON.stringify(withoutSecrets(data, schema)))
  } catch {
    // Full: the draft is a comfort, the form goes on without it.
  }
}

export function clearDraft(name: string) {
  sessionStorage.removeItem(key(name))
}
