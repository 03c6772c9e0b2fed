import { render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import { ValueCard } from './ValueCard'

it('shows a list of objects as a table, with gaps where a row has nothing', () => {
  render(<ValueCard title="Result" value={[{ name: 'a', rows: 1204 }, { name: 'b' }]} />)
  const table = screen.getByRole('table')
  expect(
    within(table)
      .getAllByRole('columnheader')
      .map((cell) => cell.textContent),
  ).toEqual(['name', 'rows'])
  expect(within(table).getByText('1,204')).toBeVisible()
})

it('shows nested objects, links and plain words', () => {
  render(
    <ValueCard
      title="Result"
      value={{ ok: true, none: null, docs: 'https://example.org/a', deep: { n: 1 } }}
    />,
  )
  expect(screen.getByText('yes')).toBeVisible()
  expect(screen.getByText('none', { selector: 'span' })).toBeVisible()
  expect(screen.getByRole('link')).toHaveAttribute('rel', 'noopener noreferrer nofollow')
})

it('links nothing but http, and shows markup as text', () => {
  const { container } = render(<ValueCard title="Result" value={['javascript:alert(1)', '<img src=x>']} />)
  expect(container.querySelector('a, img')).toBeNull()
})

it('shows long tables in part, and all when asked', async () => {
  const rows = Array.from({ length: 150 }, (_, n) => ({ n }))
  render(<ValueCard title="Result" value={rows} />)
  expect(screen.getAllByRole('row')).toHaveLength(101)
  await userEvent.click(screen.getByRole('button', { name: 'Show all 150 rows' }))
  expect(screen.getAllByRole('row')).toHaveLength(151)
})

it('shows the JSON itself', async () => {
  render(<ValueCard title="Result" value={{ a: 1 }} />)
  await userEvent.click(screen.getByRole('button', { name: 'Result as JSON' }))
  expect(screen.getByText(/"a": 1/)).toBeVisible()
})
