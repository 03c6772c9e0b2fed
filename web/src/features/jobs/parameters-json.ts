import type { FieldProblem } from '@/api/errors'

type Checked = { ok: true; value: Record<string, unknown> } | { ok: false; message: string }

/** Reads what was typed as the parameters' JSON; says where it breaks. */
export function parseParameters(text: string): Checked {
  if (!text.trim()) return { ok: true, value: {} }
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { ok: true, value: { ...value } }
    return { ok: false, message: 'Parameters must be a JSON object, like {"steps": 5}' }
  } catch (error) {
    return {
      ok: false,
      message: error instanceof Error ? `This is not JSON: ${error.message}` : 'This is not JSON',
    }
  }
}

/** The schema's defaults, as a text to start from. */
export function defaultParameters(schema: Record<string, unknown>): string {
  const properties = isRecord(schema.properties) ? schema.properties : {}
  const defaults = Object.entries(properties).flatMap(([name, property]) =>
    isRecord(property) && property.default !== undefined ? [[name, property.default] as const] : [],
  )
  return JSON.stringify(Object.fromEntries(defaults), null, 2)
}

/** "/parameters/rows: must be an integer" → "rows: must be an integer" */
export function describeProblems(fields: FieldProblem[]): string[] {
  return fields.map(({ path, message }) => {
    const where = path.replace(/^\/parameters\/?/, '').replaceAll('/', ' → ')
    return where ? `${where}: ${message}` : message
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
