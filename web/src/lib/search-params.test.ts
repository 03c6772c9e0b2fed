import { describe, expect, it } from 'vitest'
import { asCount, asList, asText, parseSearch, stringifySearch } from './search-params'

describe('search params', () => {
  it('writes lists by repeating the key, and leaves out what is empty', () => {
    expect(stringifySearch({ state: ['FAILED', 'RUNNING'], page: 2, search: '', type: undefined })).toBe(
      '?state=FAILED&state=RUNNING&page=2',
    )
    expect(stringifySearch({})).toBe('')
  })

  it('reads back what it wrote', () => {
    const search = { state: ['FAILED', 'RUNNING'], search: 'a&b=c d/é' }
    expect(parseSearch(stringifySearch(search))).toEqual(search)
  })

  it('never takes a value for a number or JSON', () => {
    expect(parseSearch('?search=007&type=true')).toEqual({ search: '007', type: 'true' })
  })

  it('understands one value as a list of one', () => {
    expect(asList('FAILED')).toEqual(['FAILED'])
    expect(asList(undefined)).toEqual([])
    expect(asText(['a', 'b'])).toBe('a')
    expect(asText('')).toBeUndefined()
  })

  it.each([['0'], ['-1'], ['1.5'], ['x'], ['101'], [undefined]])('takes %s for no page', (value) => {
    expect(asCount(value, 100)).toBeUndefined()
  })

  it('takes numbers set by the app and texts of the URL alike', () => {
    expect(asCount('20', 100)).toBe(20)
    expect(asCount(20, 100)).toBe(20)
  })
})
