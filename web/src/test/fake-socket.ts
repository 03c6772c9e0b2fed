/** A WebSocket whose other end is the test. */
export class FakeSocket extends EventTarget {
  static all: FakeSocket[] = []
  static get last(): FakeSocket {
    const socket = FakeSocket.all.at(-1)
    if (!socket) throw new Error('No socket was opened')
    return socket
  }
  static to(path: string): FakeSocket {
    const socket = FakeSocket.all.findLast(({ url }) => new URL(url).pathname === path)
    if (!socket) throw new Error(`No socket to ${path} was opened`)
    return socket
  }

  readonly url: string
  closedByPage = false

  constructor(url: string | URL) {
    super()
    this.url = String(url)
    FakeSocket.all.push(this)
  }

  open() {
    this.dispatchEvent(new Event('open'))
  }
  send(message: unknown) {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }))
  }
  drop(code = 1006) {
    this.dispatchEvent(Object.assign(new Event('close'), { code }))
  }
  close() {
    this.closedByPage = true
  }
}
