import type { SchemaDraft } from '@cfworker/json-schema'
import type { RJSFSchema } from '@rjsf/utils'

/** Keywords whose value is data, not a schema: copied as they are. */
const DATA = new Set(['default', 'enum', 'const', 'examples'])

/** Those the API checks too. Not `time`: browsers give one without a zone, which the API takes and this validator refuses. */
const CHECKED_FORMATS = new Set(['date', 'date-time', 'email', 'hostname', 'ipv4', 'ipv6', 'uri', 'uuid'])

/**
 * A private copy of a schema. The validator marks the objects it compiles, and takes an `id` inside any unknown
 * keyword for a schema's id; so `x-…` keywords and identifiers are left out.
 */
export function copySchema(schema: RJSFSchema): RJSFSchema {
  return copy(schema, false) as RJSFSchema
}

function copy(node: unknown, isMap: boolean): unknown {
  if (Array.isArray(node)) return node.map((child) => copy(child, false))
  if (typeof node !== 'object' || node === null) return node
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(node)) {
    // Inside `properties` every key is a name chosen by the author, even "id" or "x-axis".
    if (!isMap && (key === '$id' || key === 'id' || key.startsWith('x-'))) continue
    if (!isMap && key === 'format' && !CHECKED_FORMATS.has(String(value))) continue
    result[key] = !isMap && DATA.has(key) ? value : copy(value, !isMap && MAPS.has(key))
  }
  return result
}

const MAPS = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
  'dependencies',
])

/** What JSON would carry: the validator throws on `undefined` members, which forms are full of. */
export function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : withoutUndefined(item)))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(entries.map(([key, member]) => [key, withoutUndefined(member)]))
}

export function draftOf(schema: RJSFSchema): SchemaDraft {
  const declared = typeof schema.$schema === 'string' ? schema.$schema : ''
  if (/draft-0[467]/.test(declared)) return declared.includes('04') ? '4' : '7'
  return declared.includes('2019-09') ? '2019-09' : '2020-12'
}
