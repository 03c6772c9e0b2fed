const STEPS = ['B', 'KB', 'MB', 'GB', 'TB']

export function bytes(size: number): string {
  let value = size
  let step = 0
  while (value >= 1000 && step < STEPS.length - 1) {
    value /= 1000
    step += 1
  }
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${STEPS[step] ?? 'B'}`
}

/** The random end of a UUIDv7: its beginning is the time, which neighbours share. */
export function shortId(id: string): string {
  return id.length > 8 ? id.slice(-8) : id
}

export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/, '').slice(0, 12)
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
}

/** "out_of_memory" → "Out of memory" */
export function words(name: string): string {
  const spaced = name.replace(/[_-]+/g, ' ').trim()
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}
