import '@testing-library/jest-dom/vitest'
import { cleanup, configure } from '@testing-library/react'
import { afterAll, afterEach, beforeEach, vi } from 'vitest'
import { FakeSocket } from './fake-socket'
import { server } from './server'

// Pages are loaded lazily, and the first test of a file waits for that, too.
configure({ asyncUtilTimeout: 5_000 })

// What jsdom lacks.
window.matchMedia = (query) =>
  Object.assign(new EventTarget(), {
    matches: query.includes('min-width'),
    media: query,
    onchange: null,
    addListener: () => undefined,
    removeListener: () => undefined,
  })
HTMLDialogElement.prototype.showModal = function showModal() {
  this.open = true
}
HTMLDialogElement.prototype.close = function close() {
  this.open = false
}
HTMLElement.prototype.showPopover = () => undefined
HTMLElement.prototype.hidePopover = () => undefined
HTMLElement.prototype.scrollIntoView = () => undefined
window.scrollTo = () => undefined

// Before the tests are loaded: the API client keeps the fetch it finds when it is made.
server.listen({ onUnhandledRequest: 'error' })
beforeEach(() => {
  FakeSocket.all = []
  vi.stubGlobal('WebSocket', FakeSocket)
})
afterEach(() => {
  cleanup()
  server.resetHandlers()
  sessionStorage.clear()
  localStorage.clear()
})
afterAll(() => server.close())
