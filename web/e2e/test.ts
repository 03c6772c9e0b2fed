import { test as base, expect } from '@playwright/test'

interface Violation {
  directive: string
  blocked: string
}

declare global {
  interface Window {
    reportViolation: (violation: Violation) => void
  }
}

/** A page on which any error in the console, uncaught error or breach of the CSP fails the test. */
export const test = base.extend<{ strict: void }>({
  strict: [
    async ({ page }, runTest) => {
      const found: string[] = []
      page.on('console', (message) => {
        if (message.type() === 'error') found.push(`console: ${message.text()}`)
      })
      page.on('pageerror', (error) => found.push(`page: ${error.message}`))
      await page.exposeFunction('reportViolation', (violation: Violation) =>
        found.push(`csp: ${violation.directive} ${violation.blocked}`),
      )
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) =>
          window.reportViolation({ directive: event.violatedDirective, blocked: event.blockedURI }),
        )
      })
      await runTest()
      expect(found).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }
