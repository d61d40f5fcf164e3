import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** For tests: a server that answers as the handler says, and remembers what it was asked. */
export interface TestServer {
  url: string
  requests: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[]
  /** Connections that are open now. */
  connections(): Promise<number>
  close(): Promise<void>
}

type Handler = (response: ServerResponse, request: IncomingMessage, count: number) => void

export async function serve(handler: Handler): Promise<TestServer> {
  const requests: TestServer['requests'] = []
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    requests.push({ method, url, headers, body })
    handler(response, request, requests.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** One event as the API writes it. */
export function sent(id: number, body: unknown): string {
  return `id: ${id}\nevent: x\ndata: ${JSON.stringify(body)}\n\n`
}
