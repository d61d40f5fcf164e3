import { connect, createServer, type Socket } from 'node:net'

/** For tests: a way to Redis that can be cut, closed or made mute, while Redis itself stays. */
export interface TestProxy {
  url: string
  /** Ends all connections; new ones are taken. */
  cut(): void
  /** Ends all connections and takes no new ones until `open`. */
  shut(): void
  open(): void
  /** Keeps connections, passes nothing on until `open`. */
  mute(): void
  close(): Promise<void>
}

export async function makeTestProxy(target: string): Promise<TestProxy> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let state: 'open' | 'shut' | 'mute' = 'open'

  const keep = (socket: Socket) => {
    sockets.add(socket)
    // A connection that was cut on purpose ends with an error on either side.
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
  }
  const server = createServer((near) => {
    keep(near)
    if (state === 'shut') {
      near.destroy()
      return
    }
    const far = connect(Number(port || 6379), hostname)
    keep(far)
    near.on('close', () => far.destroy()).on('data', (bytes) => pass(far, bytes))
    far.on('close', () => near.destroy()).on('data', (bytes) => pass(near, bytes))
  })
  const pass = (to: Socket, bytes: Buffer) => {
    if (state === 'open') to.write(bytes)
  }
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const address = server.address()
  const own = typeof address === 'object' ? address?.port : undefined
  // Everything but the place stays, such as the password.
  const url = Object.assign(new URL(target), { hostname: '127.0.0.1', port: String(own) })
  return {
    url: url.href,
    cut,
    shut() {
      state = 'shut'
      cut()
    },
    open() {
      state = 'open'
    },
    mute() {
      state = 'mute'
    },
    async close() {
      cut()
      await new Promise((closed) => server.close(closed))
    },
  }
}
