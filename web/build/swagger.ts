import { cp, mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const OWN_FILES = fileURLToPath(new URL('../swagger', import.meta.url))

/** Puts Swagger UI into dist/swagger/, so that /docs works without a CDN and without an inline script. */
export function swagger(): Plugin {
  let folder = 'dist'
  return {
    name: 'portal-swagger',
    apply: 'build',
    configResolved(config) {
      folder = config.build.outDir
    },
    async writeBundle() {
      const target = join(folder, 'swagger')
      const source = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
      await mkdir(target, { recursive: true })
      for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js'])
        await cp(join(source, file), join(target, file))
      await cp(OWN_FILES, target, { recursive: true })
    },
  }
}
