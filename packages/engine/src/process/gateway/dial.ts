import { once } from 'node:events'
import { connect, type LookupFunction, type Socket } from 'node:net'
import { tunnel } from '@packline/outbound'
import type { Reach } from '../command.ts'
import { type Allows, judgedLookup, judgeNumber } from './judge.ts'

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
    if (proxy) return await tunnel(server, { proxy, timeoutMs: CONNECT_MS_MAX, signal: either })
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
