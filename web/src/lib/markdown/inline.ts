import type { Inline } from './types'

const PATTERNS: { find: RegExp; make: (match: RegExpExecArray) => Inline }[] = [
  { find: /(`+)([\s\S]*?[^`])\1(?!`)/, make: (m) => ({ kind: 'code', text: (m[2] ?? '').trim() }) },
  { find: /\\([!-/:-@[-`{-~])/, make: (m) => ({ kind: 'text', text: m[1] ?? '' }) },
  // An image shows its description as a link: the portal's CSP loads no pictures from elsewhere.
  { find: /!?\[((?:\\.|[^\]\\])*)\]\(\s*<?([^\s)>]+)>?(?:\s+["'(][^)]*["')])?\s*\)/, make: link },
  { find: /<((?:https?:\/\/|mailto:)[^\s>]+)>/, make: (m) => linkTo(m[1] ?? '', m[1] ?? '') },
  { find: /\bhttps?:\/\/[^\s<>()]+[^\s<>().,;:!?'"]/, make: (m) => linkTo(m[0], m[0]) },
  { find: /\*\*(?=\S)([\s\S]*?\S)\*\*|__(?=\S)([\s\S]*?\S)__/, make: (m) => wrap('strong', m[1] ?? m[2]) },
  { find: /\*(?=\S)([\s\S]*?\S)\*|(?<!\w)_(?=\S)([\s\S]*?\S)_(?!\w)/, make: (m) => wrap('em', m[1] ?? m[2]) },
  { find: /~~(?=\S)([\s\S]*?\S)~~/, make: (m) => wrap('del', m[1]) },
  { find: /(?: {2,}|\\)\n/, make: () => ({ kind: 'break' }) },
]

export function parseInline(text: string): Inline[] {
  const found: Inline[] = []
  let rest = text
  while (rest) {
    const next = earliest(rest)
    if (!next) break
    if (next.match.index > 0) found.push({ kind: 'text', text: rest.slice(0, next.match.index) })
    found.push(next.make(next.match))
    rest = rest.slice(next.match.index + next.match[0].length)
  }
  if (rest) found.push({ kind: 'text', text: rest })
  return found
}

function earliest(text: string) {
  let best: { match: RegExpExecArray; make: (match: RegExpExecArray) => Inline } | null = null
  for (const { find, make } of PATTERNS) {
    const match = find.exec(text)
    if (match && (!best || match.index < best.match.index)) best = { match, make }
  }
  return best
}

function link(match: RegExpExecArray): Inline {
  return linkTo(match[2] ?? '', match[1] ?? '')
}

function linkTo(href: string, label: string): Inline {
  const children: Inline[] = label === href ? [{ kind: 'text', text: label }] : parseInline(label)
  if (!isSafeHref(href)) return { kind: 'em', children }
  return { kind: 'link', href, children }
}

function wrap(kind: 'strong' | 'em' | 'del', text = ''): Inline {
  return { kind, children: parseInline(text) }
}

/** Absolute http(s) and mailto, or a plain path or fragment: never javascript:, data: or //elsewhere. */
export function isSafeHref(href: string): boolean {
  return /^(https?:\/\/|mailto:)/i.test(href) || /^(#|\.{0,2}\/(?!\/)|[\w-]+(\/|\.|$))/.test(href)
}
