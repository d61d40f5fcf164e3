import { createServer } from 'node:net'

const STARTS_MAX = 5

/**
 * A port of 127.0.0.1 that nobody listens on now: the preferred one, else the next ones above it
 * (at most 100), else any. Another process may take it before it is used: be ready to ask again.
 */
export async function freePort(preferred?: number): Promise<number> {
  for (let port = preferred ?? 0; preferred !== undefined && port < preferred + 100; port++) {
    if (await listen(port)) return port
  }
  const port = await listen(0)
  if (!port) throw new Error('no port of 127.0.0.1 is free')
  return port
}

/**
 * Calls `start` with a free port and, when another process was quicker to take it, with another
 * one: at most five times.
 */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let left = STARTS_MAX; ; left--) {
    try {
      return await start(await freePort())
    } catch (error) {
      if (left <= 1 || !/in use/i.test(String(error))) throw error
    }
  }
}

function listen(port: number): Promise<number | undefined> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      const found = typeof address === 'object' && address ? address.port : undefined
      server.close(() => resolve(found))
    })
  })
}
