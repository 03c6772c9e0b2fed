import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { precompress } from './build/precompress.ts'
import { swagger } from './build/swagger.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const api = process.env.PORTAL_API_PROXY ?? 'http://127.0.0.1:8000'
const extraHosts = (process.env.PORTAL_WEB_HOSTS ?? '').split(',').filter(Boolean)

export default defineConfig({
  base: '/ui/',
  plugins: [react(), tailwindcss(), swagger(), precompress()],
  resolve: {
    alias: {
      '@': path('./src'),
      // RJSF's core carries a 30 KB Markdown library for a few built-in texts; ours shows them as they are.
      'markdown-to-jsx/react': path('./src/form/PlainMarkdown.tsx'),
      // Imported by RJSF's core without being declared, and unusable without eval; production tree-shakes it.
      '@rjsf/validator-ajv8': path('./src/form/validator/index.ts'),
    },
  },
  server: {
    host: true,
    port: 5173,
    strictPort: true,
    allowedHosts: ['localhost', '.localhost', 'web', ...extraHosts],
    // Everything outside /ui/ belongs to the API. The Host header stays, so that its Origin check sees what the browser saw.
    proxy: { '^/(?!ui(?:/|$)).+': { target: api, ws: true, changeOrigin: false } },
  },
  preview: { port: 4173, strictPort: true },
  build: {
    target: 'es2022',
    // No data: URLs and no inline polyfill: the portal's CSP allows neither.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            // What several pages share comes with the first: many tiny files compress worse than one.
            {
              name: 'shared',
              test: /src\/(ui|lib|api)\/|node_modules\/(@tanstack|openapi-fetch)\//,
              minShareCount: 3,
            },
          ],
        },
      },
    },
  },
  test: {
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://portal.test/ui/' } },
    setupFiles: ['./src/test/setup.ts'],
    testTimeout: 15_000,
    include: ['src/**/*.test.{ts,tsx}'],
    server: { deps: { inline: ['@rjsf/core'] } },
    restoreMocks: true,
  },
})
