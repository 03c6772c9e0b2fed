import type { ReactNode } from 'react'
import type { Inline } from '@/lib/markdown/types'

export function MarkdownInline({ nodes }: { nodes: Inline[] }) {
  return nodes.map(renderInline)
}

function renderInline(node: Inline, index: number): ReactNode {
  switch (node.kind) {
    case 'text':
      return node.text
    case 'code':
      return (
        <code key={index} className="rounded bg-idle-soft px-1 py-0.5 font-mono text-[0.85em]">
          {node.text}
        </code>
      )
    case 'break':
      return <br key={index} />
    case 'link':
      return (
        <a
          key={index}
          href={node.href}
          rel="noopener noreferrer nofollow"
          target={node.href.startsWith('#') ? undefined : '_blank'}
          className="text-brand underline underline-offset-2 hover:text-brand-hover"
        >
          {node.children.map(renderInline)}
        </a>
      )
    default: {
      const Tag = node.kind
      return <Tag key={index}>{node.children.map(renderInline)}</Tag>
    }
  }
}
