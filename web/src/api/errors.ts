/** The only place that knows how the API says no. */

export interface FieldProblem {
  /** JSON Pointer into what was sent. */
  path: string
  message: string
}

interface Problem {
  title: string
  detail: string
  status: number
  requestId: string | null
  fields: FieldProblem[]
}

export class ApiError extends Error implements Problem {
  readonly title: string
  readonly detail: string
  /** 0 when no answer came. */
  readonly status: number
  readonly requestId: string | null
  readonly fields: FieldProblem[]

  constructor(problem: Problem) {
    super(problem.detail || problem.title)
    this.name = 'ApiError'
    this.title = problem.title
    this.detail = problem.detail
    this.status = problem.status
    this.requestId = problem.requestId
    this.fields = problem.fields
  }
}

const TITLES: Record<number, string> = {
  401: 'You are not signed in',
  403: 'You may not do this',
  404: 'Not found',
  409: 'This is not possible any more',
  413: 'That is too large',
  422: 'Something in the form is not right',
  429: 'Too many requests',
  503: 'The portal is not ready',
}

/** Turns an answer that is not 2xx into an error, whatever its body is. */
export function fromResponse(status: number, body: unknown, requestId: string | null): ApiError {
  const problem = isRecord(body) ? body : {}
  const fallback =
    TITLES[status] ?? (status >= 500 ? 'The portal failed to answer' : 'The request was refused')
  return new ApiError({
    title: text(problem.title) || fallback,
    detail: text(problem.detail),
    status,
    requestId: text(problem.request_id) || requestId,
    fields: Array.isArray(problem.errors) ? problem.errors.filter(isFieldProblem) : [],
  })
}

/** A request that got no answer: the network, the proxy or the portal itself is away. */
export function fromNetwork(): ApiError {
  return new ApiError({
    title: 'The portal cannot be reached',
    detail: 'Check your connection. The page goes on by itself when the portal is back.',
    status: 0,
    requestId: null,
    fields: [],
  })
}

export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  return new ApiError({
    title: 'This page hit an error',
    detail: error instanceof Error ? error.message : String(error),
    status: -1,
    requestId: null,
    fields: [],
  })
}

/** One sentence for a toast. */
export function sentence(error: unknown): string {
  const { title, detail } = toApiError(error)
  return detail || title
}

export function isUnauthorized(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401
}

/** Worth another try without anyone changing anything. */
export function isTransient(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return isRecord(value) && typeof value.path === 'string' && typeof value.message === 'string'
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
