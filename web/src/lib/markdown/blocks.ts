import { parseInline } from './inline'
import type { Block, Inline } from './types'

const HEADING = /^(#{1,6})\s+(.+?)\s*#*$/
const FENCE = /^(`{3,}|~{3,})\s*([\w+-]*)/
const RULE = /^([-*_])\s*(?:\1\s*){2,}$/
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/
const TABLE_RULE = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/
const MAX_DEPTH = 12

/** The Markdown people write in a README, as data. HTML in it stays text. */
export function parseMarkdown(source: string): Block[] {
  return parseLines(source.replace(/\r\n?/g, '\n').split('\n'), 0)
}

function parseLines(lines: string[], depth: number): Block[] {
  const blocks: Block[] = []
  let i = 0
  while (i < lines.length) {
    const taken = takeBlock(lines, i, depth)
    if (taken.block) blocks.push(taken.block)
    i = taken.next
  }
  return blocks
}

interface Taken {
  block: Block | null
  next: number
}

function takeBlock(lines: string[], i: number, depth: number): Taken {
  const line = lines[i] ?? ''
  if (!line.trim()) return { block: null, next: i + 1 }
  const heading = HEADING.exec(line)
  if (heading) {
    const [, marks = '', text = ''] = heading
    return { block: { kind: 'heading', level: marks.length, children: parseInline(text) }, next: i + 1 }
  }
  if (FENCE.test(line)) return takeFence(lines, i)
  if (RULE.test(line.trim())) return { block: { kind: 'rule' }, next: i + 1 }
  if (depth < MAX_DEPTH && line.startsWith('>')) return takeQuote(lines, i, depth)
  if (depth < MAX_DEPTH && ITEM.test(line)) return takeList(lines, i, depth)
  if (line.includes('|') && TABLE_RULE.test(lines[i + 1] ?? '')) return takeTable(lines, i)
  return takeParagraph(lines, i)
}

function takeFence(lines: string[], i: number): Taken {
  const [, mark = '```', language = ''] = FENCE.exec(lines[i] ?? '') ?? []
  const length = lines.slice(i + 1).findIndex((line) => line.trim().startsWith(mark))
  const end = length < 0 ? lines.length : i + 1 + length
  return { block: { kind: 'code', language, text: lines.slice(i + 1, end).join('\n') }, next: end + 1 }
}

function takeQuote(lines: string[], i: number, depth: number): Taken {
  let end = i
  while (end < lines.length && lines[end]?.startsWith('>')) end += 1
  const inner = lines.slice(i, end).map((line) => line.replace(/^>\s?/, ''))
  return { block: { kind: 'quote', children: parseLines(inner, depth + 1) }, next: end }
}

function takeList(lines: string[], i: number, depth: number): Taken {
  const [, indent = '', marker = '-'] = ITEM.exec(lines[i] ?? '') ?? []
  const ordered = /\d/.test(marker)
  const items: string[][] = []
  let end = i
  for (; end < lines.length; end += 1) {
    const line = lines[end] ?? ''
    const item = ITEM.exec(line)
    if (item && (item[1] ?? '').length <= indent.length + 1) {
      if (/\d/.test(item[2] ?? '') !== ordered) break
      items.push([item[3] ?? ''])
    } else if (/^\s+\S/.test(line)) items.at(-1)?.push(line.replace(/^\s{1,4}/, ''))
    else if (!line.trim() && /^(\s+\S|\s*([-*+]|\d+[.)])\s)/.test(lines[end + 1] ?? ''))
      items.at(-1)?.push('')
    else break
  }
  const children = items.map((item) => parseLines(item, depth + 1))
  return {
    block: { kind: 'list', ordered, start: Number.parseInt(marker, 10) || 1, items: children },
    next: end,
  }
}

function takeTable(lines: string[], i: number): Taken {
  const rows: Inline[][][] = []
  let end = i + 2
  for (; end < lines.length && lines[end]?.includes('|'); end += 1) rows.push(cells(lines[end] ?? ''))
  return { block: { kind: 'table', head: cells(lines[i] ?? ''), rows }, next: end }
}

function cells(line: string): Inline[][] {
  const inner = line.trim().replace(/^\||\|$/g, '')
  return inner.split(/(?<!\\)\|/).map((cell) => parseInline(cell.trim().replace(/\\\|/g, '|')))
}

function startsOther(line: string): boolean {
  return !line.trim() || HEADING.test(line) || FENCE.test(line) || line.startsWith('>') || ITEM.test(line)
}

function takeParagraph(lines: string[], i: number): Taken {
  let end = i + 1
  while (end < lines.length && !startsOther(lines[end] ?? '')) end += 1
  const text = lines.slice(i, end).map((line) => line.trimStart())
  return { block: { kind: 'paragraph', children: parseInline(text.join('\n').trimEnd()) }, next: end }
}
