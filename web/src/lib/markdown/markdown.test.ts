import { describe, expect, it } from 'vitest'
import { parseMarkdown } from './blocks'
import { isSafeHref, parseInline } from './inline'

const kinds = (source: string) => parseMarkdown(source).map(({ kind }) => kind)

describe('blocks', () => {
  it('knows what a README is made of', () => {
    const source =
      '# A\n\ntext\nmore\n\n- one\n  - inner\n- two\n\n```sh\nls\n```\n\n> quote\n\n---\n\n|a|b|\n|-|-|\n|1|2|'
    expect(kinds(source)).toEqual(['heading', 'paragraph', 'list', 'code', 'quote', 'rule', 'table'])
  })

  it('nests lists', () => {
    const [list] = parseMarkdown('1. one\n   - inner\n2. two')
    expect(list).toMatchObject({ kind: 'list', ordered: true, start: 1 })
    expect(list?.kind === 'list' && list.items.map((item) => item.map(({ kind }) => kind))).toEqual([
      ['paragraph', 'list'],
      ['paragraph'],
    ])
  })

  it('keeps a code block that never ends', () => {
    expect(parseMarkdown('```\na\nb')).toEqual([{ kind: 'code', language: '', text: 'a\nb' }])
  })

  it('survives what nobody would write', () => {
    expect(() => parseMarkdown('>'.repeat(500) + '\n' + '- '.repeat(500) + '\n|\n|-|')).not.toThrow()
    expect(() => parseInline('*'.repeat(2_000) + '['.repeat(2_000))).not.toThrow()
  })
})

describe('inline', () => {
  it('knows emphasis, code and links', () => {
    expect(parseInline('a **b** `c` [d](https://e.f)').map(({ kind }) => kind)).toEqual([
      'text',
      'strong',
      'text',
      'code',
      'text',
      'link',
    ])
  })

  it('leaves names with underscores alone', () => {
    expect(parseInline('a_b_c')).toEqual([{ kind: 'text', text: 'a_b_c' }])
  })

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.example',
    'JaVaScRiPt:x',
    'vbscript:x',
    ' javascript:x',
  ])('makes no link of %s', (href) => {
    expect(isSafeHref(href)).toBe(false)
  })

  it.each(['https://a.b', 'mailto:a@b.c', '#part', './docs/a.md', '/ui/jobs', 'docs/a.md'])(
    'links %s',
    (href) => {
      expect(isSafeHref(href)).toBe(true)
    },
  )
})
