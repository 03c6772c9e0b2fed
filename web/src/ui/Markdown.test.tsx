import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { Markdown } from './Markdown'

it('shows HTML as text', () => {
  const { container } = render(<Markdown source={'<script>alert(1)</script> <b>x</b>'} />)
  expect(container.querySelector('script, b')).toBeNull()
  expect(container).toHaveTextContent('<script>alert(1)</script> <b>x</b>')
})

it('opens links elsewhere without telling where from', () => {
  render(<Markdown source="[docs](https://example.org) [bad](javascript:alert(1))" />)
  expect(screen.getByRole('link', { name: 'docs' })).toHaveAttribute('rel', 'noopener noreferrer nofollow')
  expect(screen.getAllByRole('link')).toHaveLength(1)
})

it('puts headings below those of the page', () => {
  render(<Markdown source={'# A\n## B'} />)
  expect(screen.getByRole('heading', { name: 'A', level: 3 })).toBeVisible()
  expect(screen.getByRole('heading', { name: 'B', level: 4 })).toBeVisible()
})
