import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './test.ts'

const CSV = 'id;price;city\n1;12,5;Berlin\n2;;Paris\n3;9,99;Rome\n'

test('from the sign-in link to a result, a search, live progress and a retry', async ({ page }) => {
  await test.step('the link signs in and leaves no token behind', async () => {
    await page.goto(process.env.PORTAL_E2E_SIGN_IN_URL ?? '')
    await expect(page).toHaveURL(/\/ui\/catalog$/)
    await expect(page.getByRole('heading', { name: 'Catalog', level: 1 })).toBeVisible()
  })

  await test.step('the catalog has three items or more', async () => {
    const items = page.getByRole('main').getByRole('heading', { level: 2 })
    await expect(items.nth(2)).toBeVisible()
    await noProblems(page)
    await page.getByRole('searchbox').fill('csv')
    await expect(page).toHaveURL(/search=csv/)
    await expect(items).toHaveCount(1)
  })

  await test.step('the form takes a file', async () => {
    await page.getByRole('main').getByRole('heading', { level: 2 }).getByRole('link').click()
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await expect(page.getByRole('alert').filter({ hasText: '1 thing to correct' })).toBeFocused()
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) })
    await expect(page.getByText('orders.csv')).toBeVisible()
    await noProblems(page)
  })

  await test.step('submitting leads to the highlighted row', async () => {
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await expect(page).toHaveURL(/\/ui\/jobs\?highlight=/)
    const row = page.locator('tr[data-highlight]')
    await expect(row).toContainText('csv-profile@')
    await expect(row).toContainText('Succeeded', { timeout: 60_000 })
    await noProblems(page)
  })

  await test.step('the job page has the log, the result and the files', async () => {
    await page.getByRole('link', { name: 'Open it' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await expect(page).toHaveTitle(/^Succeeded · /)
    await expect(page.getByRole('log').locator('.log-line').first()).toBeVisible()
    await expect(page.getByRole('region', { name: 'Result' })).toContainText('columns')
    const file = page
      .getByRole('region', { name: /^Files/ })
      .getByRole('link')
      .first()
    const [download] = await Promise.all([page.waitForEvent('download'), file.click()])
    expect(download.suggestedFilename()).not.toBe('')
    await noProblems(page)
  })

  await test.step('the dashboard finds the run again', async () => {
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    await page.getByRole('link', { name: 'Jobs' }).first().click()
    await page.getByRole('searchbox').fill(id.slice(-8))
    await expect(page.locator('tbody tr')).toHaveCount(1)
    await expect(page.locator('tbody tr')).toContainText(id.slice(-8))
  })

  await test.step('a demo job shows its progress live', async () => {
    await page.getByRole('button', { name: 'New job' }).click()
    await page.getByLabel('Report type').selectOption('example_long_task')
    await page.getByRole('button', { name: 'Start' }).click()
    const row = page.locator('tr[data-highlight]')
    await expect(row).toContainText('Running')
    const bar = row.getByRole('progressbar')
    await expect(bar).toHaveAttribute('aria-valuenow', /^([2-8]0)$/)
    await expect(row).toContainText('Succeeded', { timeout: 30_000 })
    await expect(bar).toHaveAttribute('aria-valuenow', '100')
  })

  await test.step('a failing run says why, and a retry is a new job', async () => {
    await page.goto('/ui/catalog/convert-data')
    await page.getByLabel('Text', { exact: false }).first().waitFor()
    await page.getByRole('textbox', { name: /^Text/ }).fill('{"broken": ')
    await page.getByLabel(/^Format/).selectOption({ label: 'JSON' })
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByRole('link', { name: 'Open it' }).click()
    await expect(page).toHaveTitle(/^Failed · /, { timeout: 60_000 })
    await expect(page.getByRole('region', { name: 'Error' })).toBeVisible()
    await noProblems(page)
    const failed = page.url()
    await page.getByRole('button', { name: 'Retry' }).click()
    await page.waitForURL((url) => url.href !== failed)
    await expect(page.getByText('Retry of')).toBeVisible()
  })

  await test.step('signing out ends the session', async () => {
    await page.getByRole('button', { name: /^Account/ }).click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page).toHaveURL(/\/ui\/sign-in/)
    expect((await page.request.get('/me')).status()).toBe(401)
  })
})

/** WCAG 2.2 AA, as far as a machine can tell. */
async function noProblems(page: Page) {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual(
    [],
  )
}
