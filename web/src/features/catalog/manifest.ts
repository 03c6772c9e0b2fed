import type { Descriptor } from '@/api/types'
import { duration } from '@/lib/time'
import { words } from '@/lib/format'

/** What a page shows of a manifest. Its shape was checked when it was imported; unknown keys are for the portal alone. */
export function readManifest({ item_id, manifest }: Descriptor) {
  return {
    title: text(manifest.title) ?? item_id,
    description: text(manifest.description),
    owner: text(manifest.owner),
    tags: Array.isArray(manifest.tags) ? manifest.tags.filter((tag) => typeof tag === 'string') : [],
  }
}

/** The facts worth knowing before one runs it. */
export function manifestFacts({ manifest }: Descriptor): [string, string][] {
  const facts: [string, string | undefined][] = [
    ['Owner', text(manifest.owner)],
    ['Network', network(manifest.network)],
    ['Time limit', typeof manifest.timeout_s === 'number' ? duration(manifest.timeout_s * 1000) : undefined],
    ['Memory limit', typeof manifest.memory_mb === 'number' ? `${manifest.memory_mb} MB` : undefined],
    ['Attempts', typeof manifest.max_attempts === 'number' ? String(manifest.max_attempts) : undefined],
    ['Channel', text(manifest.channel) && words(String(manifest.channel))],
  ]
  return facts.filter((fact): fact is [string, string] => Boolean(fact[1]))
}

function network(value: unknown): string {
  if (value === 'full') return 'Unrestricted'
  if (Array.isArray(value) && value.length > 0) return value.join(', ')
  return 'None'
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value ? value : undefined
}
