import { ErrorSchemaBuilder, type ErrorSchema } from '@rjsf/utils'
import type { FieldProblem } from '@/api/errors'
import type { FormData } from './validator'

export interface ServerErrors {
  schema: ErrorSchema<FormData>
  list: { path: string[]; message: string }[]
}

/** Puts what the API found wrong at the fields it names: "/parameters/people/0/age" → people[0].age */
export function toServerErrors(problems: FieldProblem[]): ServerErrors {
  const builder = new ErrorSchemaBuilder<FormData>()
  const list = problems.map(({ path, message }) => ({ path: fieldPath(path), message }))
  for (const { path, message } of list) builder.addErrors(message, path)
  return { schema: builder.ErrorSchema, list }
}

function fieldPath(pointer: string): string[] {
  const parts = pointer.split('/').slice(1)
  const names = parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
  return names[0] === 'parameters' ? names.slice(1) : names
}
