import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { Plugin } from 'vite'

const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest'])

/** Writes .br and .gz beside every text file of the build, so that the server never compresses at request time. */
export function precompress(): Plugin {
  let folder = 'dist'
  return {
    name: 'portal-precompress',
    apply: 'build',
    enforce: 'post',
    configResolved(config) {
      folder = config.build.outDir
    },
    async closeBundle() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true })
      const files = entries.filter((e) => e.isFile() && COMPRESSIBLE.has(extname(e.name)))
      await Promise.all(files.map((e) => compressFile(join(e.parentPath, e.name))))
    },
  }
}

async function compressFile(file: string) {
  const data = await readFile(file)
  const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }
  await writeFile(`${file}.br`, await promisify(brotliCompress)(data, brotli))
  await writeFile(`${file}.gz`, await promisify(gzip)(data, { level: 9 }))
}
