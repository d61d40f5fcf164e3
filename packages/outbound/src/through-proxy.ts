import type { LookupAddress } from 'node:dns'
import type { Socket } from 'node:net'
import { Client } from 'undici'

/** A server as a proxy is told of it. */
export interface Proxied {
  host: string
  port: number
}

export interface ProxyOptions {
  /** An http or https address, which may hold user and password. */
  proxy: URL
  timeoutMs: number
  /** Gives up before the tunnel stands; one that stands is not ended by it. */
  signal?: AbortSignal
}

/**
 * A tunnel to the first of the addresses that the proxy can connect to, those of version 4 before
 * the others: a proxy that is told a name would resolve it anew, where nobody judges it. Throws
 * what the proxy answered to the last.
 */
export async function tunnelTo(
  addresses: readonly LookupAddress[],
  port: number,
  options: ProxyOptions,
): Promise<Socket> {
  let failure: unknown
  for (const { address } of addresses.toSorted((one, other) => one.family - other.family)) {
    try {
      return await tunnel({ host: address, port }, options)
    } catch (error) {
      failure = error
    }
  }
  throw failure
}

/** By whatever its host is called: of a name the proxy finds the address. */
export async function tunnel(
  { host, port }: Proxied,
  { proxy, timeoutMs, signal: given }: ProxyOptions,
): Promise<Socket> {
  const path = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const client = new Client(proxy.origin, { connect: { timeout: timeoutMs } })
  const late = AbortSignal.timeout(timeoutMs)
  const signal = given ? AbortSignal.any([given, late]) : late
  const headers = { host: path, ...proxyHeaders(proxy) }
  try {
    const { socket, statusCode } = await client.connect({ path, signal, headers })
    if (statusCode === 200) return socket as Socket
    socket.on('error', () => undefined).destroy()
    const code = `PROXY_ANSWERED_${statusCode}`
    throw Object.assign(new Error(`the proxy answered ${statusCode}`), { code })
  } catch (error) {
    await client.destroy()
    throw error
  }
}

/** What a proxy asks of us, where its address holds user and password. */
export function proxyHeaders({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}
