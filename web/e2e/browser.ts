import { access, chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createBrotliDecompress } from 'node:zlib'

export interface Browser {
  path: string
  env: Record<string, string>
  args: string[]
}

const CACHE = fileURLToPath(new URL('../../.cache/chromium', import.meta.url))
const SYSTEM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage']

/** CHROMIUM_PATH, else the system's Chromium, else the one that came with npm: no download and no root needed. */
export async function chromium(): Promise<Browser> {
  const chosen = process.env.CHROMIUM_PATH ?? findOnPath()
  if (chosen) return { path: chosen, env: {}, args: ARGS }
  const folder = await unpackBundled()
  return {
    path: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
    args: ARGS,
  }
}

function findOnPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders
    .flatMap((folder) => SYSTEM_NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path))
}

/** Unpacks once; a half-finished folder is never taken for a finished one. */
async function unpackBundled(): Promise<string> {
  const main = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const source = join(packageRoot(main), 'bin')
  const target = join(CACHE, process.env.npm_package_devDependencies__sparticuz_chromium ?? 'bundled')
  if (existsSync(target)) return target
  await access(source)
  const partial = `${target}.partial-${process.pid}`
  await mkdir(partial, { recursive: true })
  const binary = join(partial, 'chromium')
  await pipeline(
    createReadStream(join(source, 'chromium.br')),
    createBrotliDecompress(),
    createWriteStream(binary),
  )
  await chmod(binary, 0o755)
  await untar(join(source, 'al2023.tar.br'), join(partial, 'al2023'))
  await untar(join(source, 'fonts.tar.br'), partial)
  await untar(join(source, 'swiftshader.tar.br'), partial)
  await writeFile(join(partial, 'fonts.conf'), fontsConf(target))
  await rename(partial, target).catch(() => rm(partial, { recursive: true }))
  return target
}

/** The package's own names folders of the place it was made for. */
function fontsConf(folder: string): string {
  const entries = [
    `<dir>${folder}/fonts</dir>`,
    '<dir>/usr/share/fonts</dir>',
    `<cachedir>${folder}/font-cache</cachedir>`,
  ]
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${entries.join('')}</fontconfig>`
}

async function untar(archive: string, folder: string) {
  await mkdir(folder, { recursive: true })
  const tar = join(folder, 'archive.tar')
  await pipeline(createReadStream(archive), createBrotliDecompress(), createWriteStream(tar))
  await promisify(execFile)('tar', ['-xf', tar, '-C', folder])
  await rm(tar)
}

function packageRoot(file: string): string {
  let folder = dirname(file)
  while (!existsSync(join(folder, 'package.json')) || !existsSync(join(folder, 'bin')))
    folder = dirname(folder)
  return folder
}
