/** `?state=FAILED&state=RUNNING`, as people and other tools write it, instead of JSON in the query string. */

type SearchValue = string | string[]

export function parseSearch(text: string): Record<string, SearchValue> {
  const found: Record<string, SearchValue> = {}
  for (const [key, value] of new URLSearchParams(text)) {
    const before = found[key]
    if (before === undefined) found[key] = value
    else found[key] = Array.isArray(before) ? [...before, value] : [before, value]
  }
  return found
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') params.append(key, String(one))
    }
  }
  const text = params.toString()
  return text ? `?${text}` : ''
}

export function asText(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value
  return typeof first === 'string' && first !== '' ? first : undefined
}

export function asList(value: unknown): string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value]
  return all.filter((one): one is string => typeof one === 'string' && one !== '')
}

/** A whole number within bounds, or nothing. */
export function asCount(value: unknown, max: number): number | undefined {
  const number = Number(asText(value) ?? value)
  return Number.isInteger(number) && number >= 1 && number <= max ? number : undefined
}
