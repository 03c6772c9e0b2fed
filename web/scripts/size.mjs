// Says how much a browser has to load, and fails when it is more than the budget. Run after `npm run build`.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const ASSETS = 'dist/assets'
const KB = 1024
const STATIC_IMPORT = /(?:from|import)\s*["']\.\/([^"']+\.js)["']/g

const names = await readdir(ASSETS)
const sizes = new Map()
const imports = new Map()
for (const name of names.filter((one) => /\.(js|css)$/.test(one))) {
  const data = await readFile(join(ASSETS, name))
  sizes.set(name, gzipSync(data, { level: 9 }).length)
  imports.set(
    name,
    [...data.toString().matchAll(STATIC_IMPORT)].map((match) => match[1]),
  )
}

/** A file and everything it imports at once, without what is there already. */
function closure(entry, known = new Set()) {
  const found = new Set()
  const visit = (name) => {
    if (known.has(name) || found.has(name)) return
    found.add(name)
    imports.get(name)?.forEach(visit)
  }
  visit(entry)
  return found
}

const total = (files) => [...files].reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0)
const chunk = (prefix) => {
  const found = names.find((name) => name.startsWith(`${prefix}-`) && name.endsWith('.js'))
  if (!found) throw new Error(`No chunk ${prefix} in ${ASSETS}`)
  return found
}

const html = await readFile('dist/index.html', 'utf8')
const entry = /src="\/ui\/assets\/([^"]+\.js)"/.exec(html)?.[1]
if (!entry) throw new Error('dist/index.html names no script')
const shell = closure(entry)
const withPage = (page) => new Set([...shell, ...closure(chunk(page), shell)])
const form = closure(chunk('RunForm'), withPage('CatalogItem'))

const rows = [
  ['Initial JS, landing', total(withPage('Catalog')), 120],
  ['… and /jobs', total(withPage('JobsDashboard')), 125],
  ['Job page', total(closure(chunk('Job'), shell)), 20],
  ['Form', total(form), 75],
  ['CSS', total(names.filter((name) => name.endsWith('.css'))), 12],
]
let over = false
for (const [what, size, budget] of rows) {
  const kb = size / KB
  over ||= kb > budget
  console.log(
    `${what.padEnd(22)} ${kb.toFixed(1).padStart(6)} KB of ${budget} ${kb > budget ? '← over budget' : ''}`,
  )
}
if (over) process.exit(1)
