import type { Inline } from '@/lib/markdown/types'
import { MarkdownInline } from './MarkdownInline'

export function MarkdownTable({ head, rows }: { head: Inline[][]; rows: Inline[][][] }) {
  return (
    <div
      className="overflow-x-auto rounded-lg border border-line"
      tabIndex={0}
      role="group"
      aria-label="Table"
    >
      <table className="w-full text-left">
        <thead className="bg-sunken text-xs text-muted">
          <tr>
            {head.map((cell, index) => (
              <th key={index} scope="col" className="px-3 py-2 font-medium">
                <MarkdownInline nodes={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, at) => (
                <td key={at} className="px-3 py-2 align-top">
                  <MarkdownInline nodes={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
