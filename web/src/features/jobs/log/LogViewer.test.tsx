import { fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it } from 'vitest'
import type { LogEvent } from '@/api/types'
import { appendLog, EMPTY_LOG } from './log-lines'
import { LogViewer } from './LogViewer'

const event = (text: string, level: LogEvent['level'] = 'info'): LogEvent => ({
  type: 'log',
  seq: 1,
  ts: '2026-11-01T10:00:00Z',
  level,
  stream: 'stdout',
  text,
})

/** jsdom has no layout: a box of 100 px that holds 1,000 px. */
function giveHeight(box: HTMLElement) {
  Object.defineProperty(box, 'scrollHeight', { value: 1_000, configurable: true })
  Object.defineProperty(box, 'clientHeight', { value: 100, configurable: true })
}

const scrollTo = (box: HTMLElement, top: number) => {
  box.scrollTop = top
  fireEvent.scroll(box)
}

it('follows the end, lets go when one scrolls up, and takes it up again', async () => {
  const log = appendLog(EMPTY_LOG, [event('one')])
  const { rerender } = render(<LogViewer jobId="j" log={log} running />)
  const box = screen.getByRole('log')
  giveHeight(box)
  const more = appendLog(log, [event('two')])
  rerender(<LogViewer jobId="j" log={more} running />)
  expect(box.scrollTop).toBe(1_000)

  scrollTo(box, 900)
  scrollTo(box, 400)
  expect(screen.getByRole('button', { name: 'Follow the end' })).toHaveAttribute('aria-pressed', 'false')
  rerender(<LogViewer jobId="j" log={appendLog(more, [event('three')])} running />)
  expect(box.scrollTop).toBe(400)

  await userEvent.click(screen.getByRole('button', { name: 'Follow the end' }))
  expect(box.scrollTop).toBe(1_000)
})

it('does not jump to the end of a finished log', () => {
  render(<LogViewer jobId="j" log={appendLog(EMPTY_LOG, [event('one')])} running={false} />)
  expect(screen.getByRole('button', { name: 'Follow the end' })).toHaveAttribute('aria-pressed', 'false')
})

it('shows levels, colours, times and what markup there is as text', async () => {
  const log = appendLog(EMPTY_LOG, [event('\x1b[32mok\x1b[0m <b>x</b>'), event('bad', 'error')])
  const { container } = render(<LogViewer jobId="j" log={log} running />)
  expect(container.querySelector('.ansi-green')).toHaveTextContent('ok')
  expect(container.querySelector('b')).toBeNull()
  expect(screen.getByText('bad').closest('.log-line')).toHaveClass('log-error')
  expect(screen.getByRole('log')).not.toHaveAttribute('data-times')
  await userEvent.click(screen.getByRole('button', { name: 'Show times' }))
  expect(screen.getByRole('log')).toHaveAttribute('data-times')
  expect(container.querySelector('.log-text')).toHaveAttribute(
    'data-time',
    expect.stringMatching(/:00:00\.000$/),
  )
  expect(screen.getByRole('link', { name: 'Download the whole log' })).toHaveAttribute('href', '/jobs/j/logs')
})
