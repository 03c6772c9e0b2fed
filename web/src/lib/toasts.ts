import type { ReactNode } from 'react'

/** The only state of the app that is neither the server's nor the URL's. */

export interface Toast {
  id: number
  tone: 'ok' | 'bad'
  text: string
  action?: ReactNode
}

const STAY_MS = 7_000
let toasts: readonly Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()

export function showToast(toast: Omit<Toast, 'id'>): number {
  const id = nextId
  nextId += 1
  publish([...toasts.slice(-3), { ...toast, id }])
  // An error stays until it is read.
  if (toast.tone === 'ok') window.setTimeout(() => dismissToast(id), STAY_MS)
  return id
}

export function dismissToast(id: number) {
  publish(toasts.filter((toast) => toast.id !== id))
}

export const readToasts = () => toasts

export function subscribeToasts(listener: () => void) {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

function publish(next: readonly Toast[]) {
  toasts = next
  listeners.forEach((listener) => listener())
}
