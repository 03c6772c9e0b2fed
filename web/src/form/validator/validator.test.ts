import type { RJSFSchema } from '@rjsf/utils'
import { describe, expect, it } from 'vitest'
import { validator } from '.'

const stacks = (schema: RJSFSchema, data: object) =>
  validator.validateFormData({ ...data }, schema).errors.map(({ stack }) => stack)

const properties = (schema: RJSFSchema, data: object) =>
  validator.validateFormData({ ...data }, schema).errors.map(({ property }) => property)

describe('messages', () => {
  it.each<[RJSFSchema, unknown, string]>([
    [{ type: 'integer' }, 1.5, 'must be a whole number'],
    [{ type: 'number', minimum: 1 }, 0, 'must be 1 or more'],
    [{ type: 'string', minLength: 1 }, '', 'must not be empty'],
    [{ type: 'string', maxLength: 2 }, 'abc', 'must have at most 2 characters'],
    [{ type: 'string', format: 'email' }, 'nobody', 'must be an e-mail address'],
    [{ enum: ['a', 'b'] }, 'c', 'must be one of: a, b'],
    [{ type: 'array', minItems: 1 }, [], 'must have at least 1 entry'],
    [{ type: 'array', uniqueItems: true }, [1, 1], 'must not contain the same entry twice'],
    [{ type: 'string', pattern: '^x' }, 'y', 'must match the pattern ^x'],
  ])('of %j say what to do', (field, value, message) => {
    expect(stacks({ type: 'object', properties: { a_field: { ...field } } }, { a_field: value })).toEqual([
      `A field ${message}`,
    ])
  })

  it('call a field by its title, and by the title of the UI schema before that', () => {
    const schema: RJSFSchema = {
      type: 'object',
      required: ['rows'],
      properties: { rows: { title: 'Row count' } },
    }
    expect(stacks(schema, {})).toEqual(['Row count is required'])
    const ui = { rows: { 'ui:title': 'Rows!' } }
    expect(validator.validateFormData({}, schema, undefined, undefined, ui).errors[0]?.stack).toBe(
      'Rows! is required',
    )
  })
})

describe('places', () => {
  it('are those of the field, also of one that is missing', () => {
    const person: RJSFSchema = { type: 'object', required: ['first name'], properties: { 'first name': {} } }
    const schema: RJSFSchema = {
      type: 'object',
      properties: { people: { type: 'array', items: { $ref: '#/$defs/person' } } },
      $defs: { person },
    }
    const { errors, errorSchema } = validator.validateFormData({ people: [{}] }, schema)
    expect(errors[0]?.property).toBe('.people[0].first name')
    expect(errorSchema).toEqual({ people: { 0: { 'first name': { __errors: ['is required'] } } } })
  })

  it('of a condition are the fields it asks for', () => {
    const schema: RJSFSchema = {
      type: 'object',
      properties: { mode: { enum: ['a', 'b'] } },
      if: { properties: { mode: { const: 'b' } }, required: ['mode'] },
      then: { properties: { rate: { type: 'number' } }, required: ['rate'] },
    }
    expect(properties(schema, { mode: 'b' })).toEqual(['.rate'])
    expect(properties(schema, { mode: 'a' })).toEqual([])
  })
})

const SOURCES: RJSFSchema[] = [
  { type: 'object', required: ['url'], properties: { kind: { const: 'url' }, url: { type: 'string' } } },
  { type: 'object', required: ['text'], properties: { kind: { const: 'text' }, text: { type: 'string' } } },
]

describe('choices', () => {
  const schema: RJSFSchema = { type: 'object', properties: { source: { oneOf: SOURCES } } }

  it('that fit nowhere tell only what is wrong with the closest', () => {
    expect(stacks(schema, { source: { kind: 'text' } })).toEqual(['Text is required'])
    expect(stacks(schema, { source: { kind: 'url', url: 7 } })).toEqual(['Url must be text'])
  })

  it('are told apart for RJSF', () => {
    expect(SOURCES.map((part) => validator.isValid(part, { kind: 'text', text: 'x' }, schema))).toEqual([
      false,
      true,
    ])
  })
})

describe('what the library alone gets wrong', () => {
  it('members that are undefined', () => {
    const schema: RJSFSchema = { type: 'object', required: ['a'], properties: { a: { type: 'string' } } }
    expect(properties(schema, { a: undefined })).toEqual(['.a'])
    expect(validator.isValid(schema, { a: undefined }, schema)).toBe(false)
  })

  it('ids inside keywords it does not know', () => {
    const schema: RJSFSchema = {
      type: 'object',
      properties: { id: { type: 'string', 'x-options': { id: 'not a schema id' } } as RJSFSchema },
    }
    expect(stacks(schema, { id: 3 })).toEqual(['Id must be text'])
  })

  it('marks on the schema it was given', () => {
    const schema: RJSFSchema = Object.freeze({
      type: 'object',
      properties: Object.freeze({ a: { $ref: '#/$defs/b' } }),
      $defs: { b: {} },
    })
    expect(() => validator.validateFormData({}, schema)).not.toThrow()
    expect(Object.getOwnPropertyNames(schema)).toEqual(['type', 'properties', '$defs'])
  })

  it('references of a part into the whole', () => {
    const root: RJSFSchema = { $defs: { short: { type: 'string', maxLength: 2 } } }
    const part: RJSFSchema = { type: 'object', properties: { a: { $ref: '#/$defs/short' } } }
    expect(validator.isValid(part, { a: 'ab' }, root)).toBe(true)
    expect(validator.isValid(part, { a: 'abc' }, root)).toBe(false)
  })

  it('a schema that cannot be compiled is an error of the form, not of the page', () => {
    const schema: RJSFSchema = { type: 'object', properties: { a: { $ref: '#/nowhere' } } }
    expect(stacks(schema, { a: 1 })[0]).toMatch(/^This form cannot be checked here/)
    expect(validator.isValid(schema, { a: 1 }, schema)).toBe(false)
  })
})
