import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** What a receiver was sent. */
export interface Received {
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface Answer {
  status: number
  headers?: Record<string, string>
  body?: string
}

export interface Receiver {
  url: string
  /** `127.0.0.1:PORT`, as an allow list names it. */
  host: string
  received: Received[]
  /** Waits until it was sent that many. */
  untilReceived(count: number): Promise<Received[]>
  close(): Promise<void>
}

/** A server on this machine that remembers what it was sent. `undefined`: it never answers. */
export async function startReceiver(
  answerTo: (received: Received, count: number) => Answer | undefined,
): Promise<Receiver> {
  const received: Received[] = []
  const waiting = new Set<() => void>()
  const server = createServer(async (request, response) => {
    received.push(await read(request))
    const answer = answerTo(received.at(-1) as Received, received.length)
    for (const look of waiting) look()
    if (answer) response.writeHead(answer.status, answer.headers).end(answer.body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `http://${host}`,
    host,
    received,
    untilReceived: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (received.length < count) return
          waiting.delete(look)
          resolve(received)
        }
        waiting.add(look)
        look()
      }),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function read(request: IncomingMessage): Promise<Received> {
  const { method = '', url = '', headers } = request
  return { method, path: url, headers, body: await text(request) }
}
