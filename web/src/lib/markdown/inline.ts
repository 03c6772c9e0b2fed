import type { Inline } from './types'

/**
 * One alternative per kind, tried at each position once; every repetition is bounded, so that no text, however odd,
 * takes long. An image becomes a link with its description: the portal's CSP loads no pictures from elsewhere.
 */
const INLINE = new RegExp(
  [
    /(?<ticks>`+)(?<code>[^`](?:[\s\S]{0,2000}?[^`])?)\k<ticks>(?!`)/,
    /\\(?<escaped>[!-/:-@[-`{-~])/,
    /!?\[(?<label>(?:!\[[^\]]{0,200}\]\([^)]{0,500}\)|\\.|[^\][\\]){0,1000})\]\(\s{0,9}<?(?<href>[^\s)>]{1,2000})>?(?:\s{1,9}["'(][^)]{0,500}["')])?\s{0,9}\)/,
    /<(?<auto>(?:https?:\/\/|mailto:)[^\s>]{1,2000})>/,
    /(?<bare>\bhttps?:\/\/[^\s<>()]{1,2000}(?<![.,;:!?'"]))/,
    /\*\*(?=\S)(?<strong>[\s\S]{0,2000}?\S)\*\*/,
    /(?<!\w)__(?=\S)(?<strong2>[\s\S]{0,2000}?\S)__(?!\w)/,
    /\*(?=\S)(?<em>[\s\S]{0,2000}?\S)\*/,
    /(?<!\w)_(?=\S)(?<em2>[\s\S]{0,2000}?\S)_(?!\w)/,
    /~~(?=\S)(?<del>[\s\S]{0,2000}?\S)~~/,
    /(?<hard> {2}|\\)\n/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
)
const MAX_DEPTH = 6

export function parseInline(text: string, depth = 0): Inline[] {
  if (depth > MAX_DEPTH) return [{ kind: 'text', text }]
  const found: Inline[] = []
  let from = 0
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) found.push({ kind: 'text', text: text.slice(from, match.index) })
    found.push(toInline(match.groups ?? {}, depth + 1))
    from = match.index + match[0].length
  }
  if (from < text.length) found.push({ kind: 'text', text: text.slice(from) })
  return found
}

function toInline(groups: Record<string, string | undefined>, depth: number): Inline {
  const { code, escaped, label, href, auto, bare, strong, strong2, em, em2, del } = groups
  const inner = (text: string) => parseInline(text, depth)
  if (code !== undefined) return { kind: 'code', text: code.trim() }
  if (escaped !== undefined) return { kind: 'text', text: escaped }
  if (href !== undefined) return link(href, inner(label || href))
  const plain = auto ?? bare
  if (plain !== undefined) return link(plain, [{ kind: 'text', text: plain }])
  const bold = strong ?? strong2
  if (bold !== undefined) return { kind: 'strong', children: inner(bold) }
  const italic = em ?? em2
  if (italic !== undefined) return { kind: 'em', children: inner(italic) }
  return del === undefined ? { kind: 'break' } : { kind: 'del', children: inner(del) }
}

function link(href: string, children: Inline[]): Inline {
  // A link inside a link is not HTML: of a badge, what it points to counts.
  const flat = children.flatMap((child) => (child.kind === 'link' ? child.children : [child]))
  return isSafeHref(href) ? { kind: 'link', href, children: flat } : { kind: 'em', children: flat }
}

/** Absolute http(s) and mailto, or a plain path or fragment: never javascript:, data: or //elsewhere. */
export function isSafeHref(href: string): boolean {
  return /^(https?:\/\/|mailto:)/i.test(href) || /^(#|\.{0,2}\/(?!\/)|[\w-]+(\/|\.|$))/.test(href)
}
