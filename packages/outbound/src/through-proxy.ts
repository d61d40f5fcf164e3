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
  { proxy, timeoutMs }: ProxyOptions,
): Promise<Socket> {
  const path = `${host.includes(':') ? `[${host}]` : host}:${port}`
  const client = new Client(proxy.origin, { connect: { timeout: timeoutMs } })
  const signal = AbortSignal.timeout(timeoutMs)
  const headers = { host: path, ...credentialsOf(proxy) }
  try {
    const { socket, statusCode } = await client.connect({ path, signal, headers })
    if (statusCode === 200) return socket as Socket
    socket.on('error', () => undefined).destroy()
    const code = `PROXY_ANSWERED_${statusCode}`
    throw Object.assign(new Error(`The proxy answered ${statusCode}`), { code })
  } catch (error) {
    await client.destroy()
    throw error
  }
}

function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}
