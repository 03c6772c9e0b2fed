import { describe, expect, it } from 'vitest'
import {
  ApiError,
  fromNetwork,
  fromResponse,
  isTransient,
  isUnauthorized,
  sentence,
  toApiError,
} from './errors'

describe('fromResponse', () => {
  it('takes over what a problem document says', () => {
    const body = {
      title: 'Invalid inputs',
      detail: 'One does not fit.',
      request_id: 'r1',
      errors: [{ path: '/parameters/rows', message: 'is too small' }, { nonsense: true }],
    }
    const error = fromResponse(422, body, 'header-id')
    expect(error).toMatchObject({
      title: 'Invalid inputs',
      detail: 'One does not fit.',
      status: 422,
      requestId: 'r1',
    })
    expect(error.fields).toEqual([{ path: '/parameters/rows', message: 'is too small' }])
  })

  it.each([null, '<html>Bad gateway</html>', [1], { title: 7 }])('makes do with the body %j', (body) => {
    const error = fromResponse(502, body, 'from-header')
    expect(error).toMatchObject({
      title: 'The portal failed to answer',
      requestId: 'from-header',
      fields: [],
    })
  })
})

describe('what to do about an error', () => {
  it('tells a lost network from a refusal', () => {
    expect(isTransient(fromNetwork())).toBe(true)
    expect(isTransient(fromResponse(503, null, null))).toBe(true)
    expect(isTransient(fromResponse(409, null, null))).toBe(false)
  })

  it('knows when someone is signed out', () => {
    expect(isUnauthorized(fromResponse(401, null, null))).toBe(true)
    expect(isUnauthorized(new Error('401'))).toBe(false)
  })

  it('says one sentence, even of a fault of our own', () => {
    expect(sentence(fromResponse(404, { detail: 'No such job.' }, null))).toBe('No such job.')
    expect(sentence(new TypeError('x is undefined'))).toBe('x is undefined')
    expect(toApiError('odd')).toBeInstanceOf(ApiError)
  })
})
