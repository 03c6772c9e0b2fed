import type { RJSFSchema } from '@rjsf/utils'
import { isRecord } from '@/lib/is-record'

/** How the API shows a secret it will not show. */
const MASK = '********'

/** The data without what a browser must not store: passwords, wherever the schema has them. */
export function withoutSecrets(data: unknown, schema: RJSFSchema): unknown {
  const names = secretNames(schema)
  return drop(data, (key) => names.has(key))
}

/** An old job's inputs as a start for a new one: what is masked must be typed again. */
export function withoutMasked(data: unknown): unknown {
  return drop(data, (_, value) => value === MASK)
}

/** By name, not by place: a secret in a branch that is not shown now must not leak either. */
function secretNames(node: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(node)) node.forEach((child) => secretNames(child, found))
  if (!isRecord(node)) return found
  for (const [name, child] of Object.entries(node)) {
    if (isRecord(child) && isSecret(child)) found.add(name)
    secretNames(child, found)
  }
  return found
}

function isSecret(schema: Record<string, unknown>): boolean {
  const inside = isRecord(schema.items) && isSecret(schema.items)
  return schema.format === 'password' || schema.writeOnly === true || inside
}

function drop(value: unknown, test: (key: string, value: unknown) => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => drop(item, test))
  if (!isRecord(value)) return value
  const kept = Object.entries(value).filter(([key, member]) => !test(key, member))
  return Object.fromEntries(kept.map(([key, member]) => [key, drop(member, test)]))
}
