import { Button } from './Button'

interface PaginationProps {
  page: number
  pageSize: number
  total: number
  onPage: (page: number) => void
  onPageSize: (size: number) => void
}

const SIZES = [10, 20, 50, 100]

export function Pagination({ page, pageSize, total, onPage, onPageSize }: PaginationProps) {
  const last = Math.max(1, Math.ceil(total / pageSize))
  const from = total === 0 ? 0 : (page - 1) * pageSize + 1
  const to = Math.min(total, page * pageSize)
  return (
    <nav
      aria-label="Pages"
      className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-muted"
    >
      <p className="tabular-nums">
        {from.toLocaleString('en')}–{to.toLocaleString('en')} of {total.toLocaleString('en')}
      </p>
      <div className="flex items-center gap-2">
        <label className="flex items-center gap-2">
          <span className="max-sm:sr-only">Rows</span>
          <select
            className="field h-7 min-h-0 w-auto py-0"
            value={pageSize}
            onChange={(event) => onPageSize(Number(event.target.value))}
          >
            {SIZES.map((size) => (
              <option key={size}>{size}</option>
            ))}
          </select>
        </label>
        <Button size="sm" icon="left" disabled={page <= 1} onClick={() => onPage(page - 1)}>
          Previous
        </Button>
        <span className="tabular-nums max-sm:sr-only">
          {page} / {last}
        </span>
        <Button size="sm" disabled={page >= last} onClick={() => onPage(page + 1)}>
          Next
        </Button>
      </div>
    </nav>
  )
}
