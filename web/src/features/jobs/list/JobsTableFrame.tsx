import type { ReactNode } from 'react'

/** Head and column widths, shared with the skeleton so that nothing moves when the rows come. */
export function JobsTableFrame({ children }: { children: ReactNode }) {
  return (
    <table className="w-full table-fixed text-left">
      <thead className="h-10 border-b border-line text-xs text-muted [&_th]:font-medium">
        <tr>
          <th scope="col" className="w-32 pl-4">
            ID
          </th>
          <th scope="col">Type</th>
          <th scope="col" className="w-32">
            State
          </th>
          <th scope="col" className="w-[24%]">
            Progress
          </th>
          <th scope="col" className="w-32 max-lg:hidden">
            Requested by
          </th>
          <th scope="col" className="w-28">
            Updated
          </th>
          <th scope="col" className="w-42 pr-4 text-right">
            Actions
          </th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">{children}</tbody>
    </table>
  )
}
