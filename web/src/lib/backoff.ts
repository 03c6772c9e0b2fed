const BASE_MS = 500
const CAP_MS = 30_000
const FLOOR_MS = 100

/** Full jitter: a crowd of browsers must not come back to a restarted portal all at once. */
export function retryDelay(attempt: number, random: () => number = Math.random): number {
  return FLOOR_MS + random() * Math.min(CAP_MS, BASE_MS * 2 ** attempt)
}
