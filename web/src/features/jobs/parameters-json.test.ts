import { expect, it } from 'vitest'
import { defaultParameters, describeProblems, parseParameters } from './parameters-json'

it('reads an object, and nothing as an empty one', () => {
  expect(parseParameters('{"steps": 5}')).toEqual({ ok: true, value: { steps: 5 } })
  expect(parseParameters('  ')).toEqual({ ok: true, value: {} })
})

it.each(['[1]', '5', 'null', '{"a":'])('refuses %s with a sentence', (text) => {
  expect(parseParameters(text)).toMatchObject({ ok: false, message: expect.any(String) })
})

it('starts with the defaults of the schema', () => {
  const schema = { properties: { steps: { default: 5 }, fail: { default: false }, name: {} } }
  expect(JSON.parse(defaultParameters(schema))).toEqual({ steps: 5, fail: false })
  expect(defaultParameters({})).toBe('{}')
})

it('names the field of a problem', () => {
  const fields = [
    { path: '/parameters/people/0', message: 'is odd' },
    { path: '', message: 'is all wrong' },
  ]
  expect(describeProblems(fields)).toEqual(['people → 0: is odd', 'is all wrong'])
})
