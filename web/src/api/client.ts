import createClient from 'openapi-fetch'
import { fromNetwork, fromResponse } from './errors'
import type { paths } from './schema'

export const api = createClient<paths>({ baseUrl: window.location.origin, credentials: 'same-origin' })

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** Resolves with the body of a 2xx answer; everything else becomes an ApiError. */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>
  try {
    answer = await call
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw fromNetwork()
  }
  if (!answer.response.ok) {
    const { status, headers } = answer.response
    throw fromResponse(status, answer.error, headers.get('X-Request-ID'))
  }
  // openapi-fetch leaves `data` empty only for answers without a body, whose type is already undefined.
  return answer.data as T
}
