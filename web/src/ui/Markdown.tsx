import type { ReactNode } from 'react'
import { parseMarkdown } from '@/lib/markdown/blocks'
import type { Block } from '@/lib/markdown/types'
import { MarkdownInline } from './MarkdownInline'
import { MarkdownTable } from './MarkdownTable'

/** A README as React elements. Nothing of it ever reaches the page as HTML. */
export function Markdown({ source }: { source: string }) {
  return <div className="space-y-3 leading-6 break-words">{parseMarkdown(source).map(renderBlock)}</div>
}

const HEADINGS = ['text-lg font-semibold pt-2', 'text-base font-semibold pt-2', 'font-semibold pt-1']

// The position is the identity: a README is parsed as a whole and never reordered.
function renderBlock(block: Block, index: number): ReactNode {
  switch (block.kind) {
    case 'heading': {
      // The page's own title is the h1 and the README's section the h2.
      const Tag = (['h3', 'h4', 'h5', 'h6'] as const)[Math.min(block.level, 4) - 1] ?? 'h6'
      return (
        <Tag key={index} className={HEADINGS[Math.min(block.level, 3) - 1]}>
          <MarkdownInline nodes={block.children} />
        </Tag>
      )
    }
    case 'paragraph':
      return (
        <p key={index}>
          <MarkdownInline nodes={block.children} />
        </p>
      )
    case 'code':
      return (
        <pre
          key={index}
          tabIndex={0}
          className="overflow-x-auto rounded-lg border border-line bg-sunken px-3.5 py-3 font-mono text-xs leading-5"
        >
          <code>{block.text}</code>
        </pre>
      )
    case 'quote':
      return (
        <blockquote key={index} className="space-y-3 border-l-3 border-line pl-4 text-muted">
          {block.children.map(renderBlock)}
        </blockquote>
      )
    case 'list': {
      const Tag = block.ordered ? 'ol' : 'ul'
      return (
        <Tag
          key={index}
          start={block.ordered ? block.start : undefined}
          className={`space-y-1 pl-5 marker:text-faint ${block.ordered ? 'list-decimal' : 'list-disc'}`}
        >
          {block.items.map((item, at) => (
            <li key={at} className="space-y-1">
              {item.map(renderBlock)}
            </li>
          ))}
        </Tag>
      )
    }
    case 'table':
      return <MarkdownTable key={index} head={block.head} rows={block.rows} />
    case 'rule':
      return <hr key={index} className="border-line" />
  }
}
