import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import type { Authority } from './authority.ts'
import type { Answers } from './registry-content.ts'

/** The registry's name for those who come through the proxy: no resolver knows it. */
export const REGISTRY_HOST = 'registry.test'

export interface RegistryServer {
  port: number
  /** Such as https://127.0.0.1:4000. */
  url: string
  /** Paths, in the order in which they were asked for by somebody who may. */
  requests: string[]
  close(): Promise<void>
}

interface RegistryOptions {
  authority: Authority
  /** By the address under which it is asked: npm's documents name it. */
  answers: (url: string) => Promise<Answers>
  /** What each request has to bring, such as "Basic ..."; several are as good. */
  authorizations: readonly string[]
  /** A git server; it answers what is asked for below /git. */
  gitUrl: string
}

/** Registries of all tools on one https server of loopback, for those who bring credentials. */
export async function serveRegistries(options: RegistryOptions): Promise<RegistryServer> {
  const requests: string[] = []
  const known = new Map<string, Promise<Answers>>()
  const credentials = options.authority.issue(['127.0.0.1', REGISTRY_HOST])
  const server = createSecureServer(credentials, async (asked, response) => {
    const path = asked.url ?? '/'
    const isGit = path.startsWith('/git/')
    if (!isGit && !options.authorizations.includes(asked.headers.authorization ?? '')) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end()
      return
    }
    requests.push(path)
    if (isGit) return forward(options.gitUrl + path.slice('/git'.length), asked, response)
    const url = `https://${asked.headers.host}`
    if (!known.has(url)) known.set(url, options.answers(url))
    const body = (await known.get(url))?.get(path)
    response.writeHead(body === undefined ? 404 : 200, typeOf(path)).end(body)
  })
  const { port, close } = await listening(server)
  return { port, url: `https://127.0.0.1:${port}`, requests, close }
}

export interface ConnectProxy {
  port: number
  /** Hosts that somebody with the right password was let through to. */
  opened: string[]
  close(): Promise<void>
}

/** A proxy with a password that lets nobody through but to the registry. */
export async function serveProxy(user: string, registryPort: number): Promise<ConnectProxy> {
  const opened: string[] = []
  const server = createServer((_asked, response) => response.writeHead(502).end())
  const expected = `Basic ${Buffer.from(user).toString('base64')}`
  server.on('connect', (asked, socket, head) => {
    socket.on('error', () => socket.destroy())
    if (asked.headers['proxy-authorization'] !== expected) {
      const ask = 'Proxy-Authenticate: Basic realm="test"\r\nContent-Length: 0'
      socket.end(
        `HTTP/1.1 407 Proxy Authentication Required\r\n${ask}\r\nConnection: close\r\n\r\n`,
      )
      return
    }
    if (asked.url !== `${REGISTRY_HOST}:443`) {
      socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n')
      return
    }
    opened.push(asked.url)
    const tunnel = connect(registryPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      tunnel.write(head)
      socket.pipe(tunnel).pipe(socket)
    })
    tunnel.on('error', () => socket.destroy())
    socket.on('close', () => tunnel.destroy())
  })
  const { port, close } = await listening(server)
  return { port, opened, close }
}

async function listening(server: ReturnType<typeof createServer | typeof createSecureServer>) {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  return { port, close }
}

/** pip looks at the type of an index's page. */
function typeOf(path: string): Record<string, string> {
  return path.startsWith('/pypi/simple/') ? { 'content-type': 'text/html' } : {}
}

function forward(url: string, asked: IncomingMessage, response: ServerResponse): void {
  const { method, headers } = asked
  const next = request(url, { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  next.on('error', () => response.destroy())
  asked.pipe(next)
}
