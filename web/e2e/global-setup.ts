import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const READY_WITHIN_MS = 90_000

/** Starts a portal of its own, as a user would, unless PORTAL_E2E_URL names one; stops it as a user would, too. */
export default async function globalSetup() {
  if (process.env.PORTAL_E2E_URL) return undefined
  const data = await mkdtemp(join(tmpdir(), 'portal-e2e-'))
  const portal = await start(data)
  return async () => {
    const code = await stop(portal)
    await rm(data, { recursive: true, force: true })
    if (code !== 0) throw new Error(`The portal ended with exit status ${code}`)
  }
}

async function start(data: string): Promise<ChildProcess> {
  const port = await freePort()
  // The link is printed only when no administrator's token is set.
  const { PORTAL_ADMIN_TOKEN: _token, ...env } = process.env
  const args = ['up', '--port', String(port), '--data-dir', data]
  const portal = spawn(join(ROOT, '.venv/bin/portal'), args, {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const ready = new Promise<void>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${why}\n${output.slice(-4_000)}`))
    const timer = setTimeout(() => fail('The portal was not ready in time'), READY_WITHIN_MS)
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const url = /Portal ready: (\S+)/.exec(output)?.[1]
      const link = /Sign in: (\S+)/.exec(output)?.[1]
      if (!url || !link) return
      clearTimeout(timer)
      process.env.PORTAL_E2E_URL = url
      process.env.PORTAL_E2E_SIGN_IN_URL = link
      resolve()
    }
    portal.stdout.on('data', read)
    portal.stderr.on('data', read)
    portal.on('error', (error) => fail(`${error.message}. Run "make setup" first.`))
    portal.on('exit', (code) => fail(`The portal ended with exit status ${code} before it was ready`))
  })
  await ready
  return portal
}

async function stop(portal: ChildProcess): Promise<number | null> {
  if (portal.exitCode !== null) return portal.exitCode
  const ended = new Promise<number | null>((resolve) => portal.on('exit', resolve))
  portal.kill('SIGINT')
  return ended
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No free port')
  return address.port
}
