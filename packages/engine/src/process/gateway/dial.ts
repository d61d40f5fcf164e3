import { once } from 'node:events'
import { request as askPlain, type IncomingMessage } from 'node:http'
import { request as askSecurely } from 'node:https'
import { connect, type LookupFunction, type Socket } from 'node:net'
import type { Reach } from '../command.ts'
import { type Allows, judgedLookup, judgeNumber } from './judge.ts'
import { hostOf, proxyHeaders } from './worker-proxy.ts'

/** Names, routes and handshakes together; git's own patience is 30 s. */
const CONNECT_MS_MAX = 15_000

export interface DialOptions {
  signal: AbortSignal
  allows: Allows
}

/**
 * A connection to a server, directly or through the worker's proxy; it is the worker that finds
 * the address of the name, and judges it in the connection itself (a proxy finds names by itself:
 * there only numbers are judged). Throws within 15 s, with what the system or the proxy said, or
 * NotPublic.
 */
export async function dial(
  server: Reach,
  proxy: URL | undefined,
  { signal, allows }: DialOptions,
): Promise<Socket> {
  const late = AbortSignal.timeout(CONNECT_MS_MAX)
  const either = AbortSignal.any([signal, late])
  judgeNumber(server, allows)
  try {
    if (proxy) return await throughProxy(proxy, server, either)
    return await directly(server, either, judgedLookup(server, allows))
  } catch (cause) {
    if (!late.aborted) throw cause
    throw new Error(`no connection within ${CONNECT_MS_MAX / 1000} s`, { cause })
  }
}

async function directly(
  { host, port }: Reach,
  signal: AbortSignal,
  lookup: LookupFunction | undefined,
): Promise<Socket> {
  signal.throwIfAborted()
  const socket = connect({ host, port, lookup })
  try {
    await once(socket, 'connect', { signal })
    return socket
  } catch (error) {
    socket.destroy()
    throw error
  }
}

type Connected = [IncomingMessage, Socket, Buffer]

async function throughProxy(proxy: URL, { host, port }: Reach, signal: AbortSignal) {
  signal.throwIfAborted()
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const asked = askerOf(proxy)({
    host: hostOf(proxy),
    port: proxy.port || undefined,
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...proxyHeaders(proxy) },
    agent: false,
  })
  // Not the request's own signal option: it would end the tunnel too, when it is long open.
  const abort = () => asked.destroy(new Error('given up'))
  signal.addEventListener('abort', abort, { once: true })
  try {
    asked.end()
    const answer = await once(asked, 'connect')
    const [{ statusCode = 0, statusMessage = '' }, socket, head] = answer as Connected
    if (statusCode >= 200 && statusCode < 300) {
      socket.unshift(head)
      return socket
    }
    socket.destroy()
    throw new Error(`the worker's proxy answered ${statusCode} ${statusMessage}`)
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** How one speaks to a proxy: in clear, or inside TLS. */
export function askerOf({ protocol }: URL): typeof askPlain {
  return protocol === 'https:' ? askSecurely : askPlain
}
