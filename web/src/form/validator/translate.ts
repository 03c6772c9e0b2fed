import type { OutputUnit } from '@cfworker/json-schema'
import type { RJSFSchema, RJSFValidationError, UiSchema } from '@rjsf/utils'
import { isRecord } from '@/lib/is-record'
import { keepClosestBranches } from './closest-branch'
import { messageFor } from './messages'
import { schemaAt, splitPointer, titleOf, toProperty } from './pointers'

/** They only repeat that something inside them is wrong. */
const WRAPPERS = new Set([
  '$ref',
  '$recursiveRef',
  'if',
  'allOf',
  'anyOf',
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'items',
  'prefixItems',
  'additionalItems',
  'unevaluatedItems',
  'dependentSchemas',
])
const NAMES_MISSING = new Set(['required', 'dependentRequired', 'dependencies'])

export function translate(units: OutputUnit[], root: RJSFSchema, uiSchema?: UiSchema): RJSFValidationError[] {
  const seen = new Set<string>()
  return keepClosestBranches(units)
    .filter((unit) => !WRAPPERS.has(unit.keyword))
    .map((unit) => toError(unit, root, uiSchema))
    .filter(({ stack, property }) => {
      // The same rule reached on two ways (allOf, both sides of a reference) is one problem to a reader.
      const key = `${property} ${stack}`
      return !seen.has(key) && Boolean(seen.add(key))
    })
}

function toError(unit: OutputUnit, root: RJSFSchema, uiSchema?: UiSchema): RJSFValidationError {
  const { keyword, keywordLocation } = unit
  const schema = keyword === 'false' ? {} : schemaAt(root, keywordLocation)
  const missing = NAMES_MISSING.has(keyword) ? missingName(unit.error) : undefined
  const path = [...splitPointer(unit.instanceLocation), ...(missing === undefined ? [] : [missing])]
  const title = titleOf(
    path,
    missing === undefined ? schema : propertyOf(missing, schema, root, path),
    uiSchema,
  )
  const message = messageFor(keyword, schema[keyword])
  return {
    name: keyword,
    message,
    property: toProperty(path),
    params: { path },
    schemaPath: keywordLocation,
    title,
    stack: `${title} ${message}`,
  }
}

/** The validator tells the name of a missing member only in its sentence, as the last quoted word. */
function missingName(error: string): string | undefined {
  return /"([^"]*)"\.$/.exec(error)?.[1]
}

/** Conditional branches require fields that are declared elsewhere: then the root may know the title. */
function propertyOf(name: string, schema: Record<string, unknown>, root: RJSFSchema, path: string[]) {
  const own = isRecord(schema.properties) ? schema.properties[name] : undefined
  const atRoot = path.length === 1 ? root.properties?.[name] : undefined
  return [own, atRoot].find(isRecord) ?? {}
}

/** Where an error belongs. RJSF's own way, splitting `property`, breaks on names with dots or brackets. */
export function pathOf(error: RJSFValidationError): string[] {
  const { path } = error.params ?? {}
  return Array.isArray(path) ? path : []
}
