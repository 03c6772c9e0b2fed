import { defineConfig } from '@playwright/test'
import { chromium } from './e2e/browser.ts'

const browser = await chromium()

export default defineConfig({
  testDir: './e2e',
  globalSetup: './e2e/global-setup.ts',
  outputDir: './test-results',
  reporter: [['list']],
  timeout: 120_000,
  expect: { timeout: 15_000 },
  // One portal serves all stories: they share its jobs.
  workers: 1,
  forbidOnly: Boolean(process.env.CI),
  use: {
    // Set by the global setup; the workers read this file after it.
    baseURL: process.env.PORTAL_E2E_URL,
    viewport: { width: 1280, height: 860 },
    launchOptions: {
      executablePath: browser.path,
      env: { ...process.env, ...browser.env },
      args: browser.args,
    },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
})
