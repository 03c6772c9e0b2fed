import { useState, type ReactNode } from 'react'
import { Button } from '@/ui/Button'
import type { Row } from './kinds'

const FIRST_ROWS = 100

interface ValueTableProps {
  columns: string[]
  rows: Row[]
  renderCell: (value: unknown) => ReactNode
}

export function ValueTable({ columns, rows, renderCell }: ValueTableProps) {
  const [all, setAll] = useState(rows.length <= FIRST_ROWS)
  const shown = all ? rows : rows.slice(0, FIRST_ROWS)
  return (
    <div className="space-y-2">
      <div
        role="group"
        aria-label="Table"
        tabIndex={0}
        className="max-h-128 overflow-auto rounded-lg border border-line"
      >
        <table className="w-full text-left">
          <thead className="sticky top-0 bg-sunken text-xs text-muted">
            <tr>
              {columns.map((column) => (
                <th
                  key={column}
                  scope="col"
                  className={`px-3 py-2 font-medium whitespace-nowrap ${typeof rows[0]?.[column] === 'number' ? 'text-right' : ''}`}
                >
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {shown.map((row, index) => (
              <tr key={index} className="hover:bg-sunken/60">
                {columns.map((column) => (
                  <td
                    key={column}
                    className={`px-3 py-1.5 align-top ${typeof row[column] === 'number' ? 'text-right' : ''}`}
                  >
                    {column in row &&
                      (isBlank(row[column]) ? (
                        <span className="text-faint">–</span>
                      ) : (
                        renderCell(row[column])
                      ))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!all && (
        <Button size="sm" onClick={() => setAll(true)}>
          Show all {rows.length.toLocaleString('en')} rows
        </Button>
      )}
    </div>
  )
}

function isBlank(value: unknown): boolean {
  return value === null || value === ''
}
