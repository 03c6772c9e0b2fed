import { describe, expect, it } from 'vitest'
import { parseAnsi } from './ansi'

const plainText = (line: string) =>
  parseAnsi(line)
    .map(({ text }) => text)
    .join('')

describe('parseAnsi', () => {
  it('leaves plain lines alone', () => {
    expect(parseAnsi('hello')).toEqual([{ text: 'hello', className: '' }])
  })

  it('turns colours and styles into classes and back', () => {
    expect(parseAnsi('\x1b[1;31mbad\x1b[22m red\x1b[0m plain')).toEqual([
      { text: 'bad', className: 'ansi-red ansi-bold' },
      { text: ' red', className: 'ansi-red' },
      { text: ' plain', className: '' },
    ])
  })

  it('knows bright, background and indexed colours', () => {
    expect(parseAnsi('\x1b[92;44ma')[0]?.className).toBe('ansi-green ansi-bg-blue')
    expect(parseAnsi('\x1b[38;5;3ma')[0]?.className).toBe('ansi-yellow')
    expect(parseAnsi('\x1b[38;2;1;2;3mtrue colour')[0]).toEqual({ text: 'true colour', className: '' })
  })

  it('takes out every other control sequence', () => {
    expect(plainText('\x1b[2K\x1b[1Aa\x1b]8;;http://evil\x07b\x1b]8;;\x07')).toBe('ab')
  })

  it('shows what a terminal would show of a rewritten line', () => {
    expect(plainText('10 %\r50 %\r100 %')).toBe('100 %')
    expect(plainText('done\r')).toBe('done')
  })

  it('never yields markup', () => {
    expect(parseAnsi('<img src=x onerror=alert(1)>')[0]?.text).toBe('<img src=x onerror=alert(1)>')
  })
})
