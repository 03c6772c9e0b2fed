import type { RJSFSchema, UiSchema } from '@rjsf/utils'
import { isRecord } from '@/lib/is-record'
import { words } from '@/lib/format'

/** '#/people/0/first' → ['people', '0', 'first'] */
export function splitPointer(pointer: string): string[] {
  const parts = pointer.replace(/^#/, '').split('/').slice(1)
  return parts.map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The accessor RJSF shows an error under: `.people[0].first` */
export function toProperty(path: string[]): string {
  return path.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('')
}

/** The schema object a keyword's location points into, through references. */
export function schemaAt(root: RJSFSchema, location: string): Record<string, unknown> {
  let node: unknown = root
  for (const part of splitPointer(location).slice(0, -1)) {
    if (part === '$ref' && isRecord(node) && typeof node.$ref === 'string') node = lookUp(root, node.$ref)
    else node = isRecord(node) || Array.isArray(node) ? (node as Record<string, unknown>)[part] : undefined
  }
  return isRecord(node) ? node : {}
}

function lookUp(root: RJSFSchema, reference: string): unknown {
  let node: unknown = root
  for (const part of splitPointer(reference))
    node = isRecord(node) || Array.isArray(node) ? (node as Record<string, unknown>)[part] : undefined
  return node
}

/** What people call the field: the form's own title, the schema's, or its name in words. */
export function titleOf(
  path: string[],
  schema: Record<string, unknown>,
  uiSchema: UiSchema | undefined,
): string {
  let ui: unknown = uiSchema
  for (const part of path)
    ui = isRecord(ui) ? (ui[part] ?? (/^\d+$/.test(part) ? ui.items : undefined)) : undefined
  if (isRecord(ui) && typeof ui['ui:title'] === 'string') return ui['ui:title']
  if (typeof schema.title === 'string' && schema.title) return schema.title
  const last = path.at(-1)
  if (last === undefined) return 'The form'
  return /^\d+$/.test(last) ? `Item ${Number(last) + 1}` : words(last)
}
