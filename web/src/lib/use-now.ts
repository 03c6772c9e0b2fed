import { useSyncExternalStore } from 'react'

/** One timer per interval for the whole page, however many clocks show it. */
function ticker(everyMs: number) {
  let now = Date.now()
  let timer = 0
  const listeners = new Set<() => void>()
  const tick = () => {
    now = Date.now()
    listeners.forEach((listener) => listener())
  }
  return {
    read: () => now,
    subscribe: (listener: () => void) => {
      if (listeners.size === 0) {
        now = Date.now()
        timer = window.setInterval(tick, everyMs)
      }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) window.clearInterval(timer)
      }
    },
  }
}

const slow = ticker(15_000)
const fast = ticker(1_000)

/** The time, refreshed every 15 s. */
export const useNow = () => useSyncExternalStore(slow.subscribe, slow.read)

/** The time, refreshed every second: for what is running. */
export const useTick = () => useSyncExternalStore(fast.subscribe, fast.read)
