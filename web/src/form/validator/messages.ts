/** What a failed keyword means for someone who fills in a form. */

type Say = (value: unknown) => string

const TYPES: Record<string, string> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'yes or no',
  array: 'a list',
  object: 'a group of fields',
  null: 'empty',
}

const FORMATS: Record<string, string> = {
  email: 'an e-mail address',
  uri: 'a full address, like https://example.org',
  'uri-reference': 'an address',
  date: 'a date',
  time: 'a time',
  'date-time': 'a date with a time',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  hostname: 'a host name',
  uuid: 'a UUID',
  regex: 'a regular expression',
}

const MESSAGES: Record<string, Say> = {
  type: (value) =>
    `must be ${[value]
      .flat()
      .map((name) => TYPES[String(name)] ?? String(name))
      .join(' or ')}`,
  enum: (value) => `must be one of: ${[value].flat().map(show).join(', ')}`,
  const: (value) => `must be ${show(value)}`,
  minimum: (value) => `must be ${show(value)} or more`,
  maximum: (value) => `must be ${show(value)} or less`,
  exclusiveMinimum: (value) => `must be more than ${show(value)}`,
  exclusiveMaximum: (value) => `must be less than ${show(value)}`,
  multipleOf: (value) => `must be a multiple of ${show(value)}`,
  minLength: (value) => (value === 1 ? 'must not be empty' : `must have at least ${show(value)} characters`),
  maxLength: (value) => `must have at most ${show(value)} characters`,
  pattern: (value) => `must match the pattern ${String(value)}`,
  format: (value) => `must be ${FORMATS[String(value)] ?? `a valid ${String(value)}`}`,
  minItems: (value) => `must have at least ${entries(value)}`,
  maxItems: (value) => `must have at most ${entries(value)}`,
  uniqueItems: () => 'must not contain the same entry twice',
  contains: () => 'lacks an entry it must have',
  minProperties: (value) => `must have at least ${entries(value)}`,
  maxProperties: (value) => `must have at most ${entries(value)}`,
  required: () => 'is required',
  dependentRequired: () => 'is required here',
  dependencies: () => 'is required here',
  oneOf: () => 'fits more than one of the choices',
  not: () => 'is not allowed',
  false: () => 'is not expected here',
  propertyNames: () => 'has a name that is not allowed',
}

export function messageFor(keyword: string, value: unknown): string {
  return (MESSAGES[keyword] ?? (() => 'is not valid'))(value)
}

function entries(count: unknown): string {
  return `${show(count)} ${count === 1 ? 'entry' : 'entries'}`
}

function show(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
