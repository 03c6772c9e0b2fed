import { isRecord } from '@/lib/is-record'

export type Row = Record<string, unknown>

/** A list of objects is a table, if it is not too wide to be one. */
export function asRows(value: unknown): { columns: string[]; rows: Row[] } | null {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isRecord)) return null
  const columns = [...new Set(value.flatMap((row) => Object.keys(row)))]
  return columns.length <= 24 ? { columns, rows: value } : null
}

export function isLink(value: unknown): value is string {
  return typeof value === 'string' && /^https?:\/\/\S+$/.test(value)
}
