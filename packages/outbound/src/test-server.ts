import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** Listens until the test ends; gives the port. */
export async function listen(server: Server, port = 0, host = '127.0.0.1'): Promise<number> {
  server.listen(port, host)
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(() => resolve()))
  })
  return (server.address() as AddressInfo).port
}

export function serve(listener: RequestListener, port?: number, host?: string): Promise<number> {
  return listen(createServer(listener), port, host)
}

/** A request's own part, with what all of them need. */
export function ask<More extends object>(more?: More) {
  return { signal: AbortSignal.timeout(10_000), bytesMax: 1_000_000, ...(more as More) }
}
