import type { LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { getCACertificates } from 'node:tls'
import { failed, type PacklineError } from '@packline/shared'
import { buildConnector } from 'undici'
import { type AllowList, plainHost } from './allow-list.ts'
import { isPublicAddress } from './public-address.ts'
import { resolveChecked } from './resolve-checked.ts'
import { type Proxied, tunnel, tunnelTo } from './through-proxy.ts'

export interface ConnectOptions {
  allow: AllowList
  /** Another name service than the system's, for tests. */
  lookup?: LookupFunction
  /** More authorities than Node.js knows, PEM. */
  ca?: readonly string[]
  timeoutMs: number
  /** The proxy by which an https server is reached; undefined: directly. */
  proxyFor?: (server: Proxied) => URL | undefined
}

/**
 * Connects only where all addresses of a host may be reached. The names are resolved here and
 * nowhere else: what was checked is what is connected to, by a proxy, too.
 */
export function checkedConnect(options: ConnectOptions): buildConnector.connector {
  const { allow, lookup, ca, timeoutMs } = options
  const authorities = ca && [...getCACertificates('default'), ...ca]
  return (target, callback) => {
    const host = plainHost(target.hostname)
    const isPlain = target.protocol !== 'https:'
    const port = Number(target.port || (isPlain ? 80 : 443))
    const refusal = (addresses: readonly string[]): PacklineError | undefined => {
      const fits = (address: string) =>
        allow({ host, port, address }) || (!isPlain && isPublicAddress(address))
      return addresses.every(fits) ? undefined : notAllowed(host, isPlain)
    }
    const early = isIP(host) ? refusal([host]) : undefined
    if (early) return callback(early, null)
    const resolve = resolveChecked(refusal, lookup)
    const connect = buildConnector({
      lookup: resolve,
      timeout: timeoutMs,
      allowH2: false,
      ca: authorities,
    })
    const { proxyFor } = options
    if (isPlain || !proxyFor) return connect(target, callback)
    openTunnel({ host, port }, { allow, proxyFor, resolve, timeoutMs }).then(
      (httpSocket) => connect({ ...target, httpSocket }, callback),
      (error) => callback(error, null),
    )
  }
}

type Way = Required<Pick<ConnectOptions, 'allow' | 'proxyFor' | 'timeoutMs'>> & {
  resolve: LookupFunction
}

/** Undefined where there is no proxy for the server. */
async function openTunnel({ host, port }: Proxied, { allow, proxyFor, resolve, timeoutMs }: Way) {
  const proxy = proxyFor({ host, port })
  if (!proxy) return undefined
  const through = { proxy, timeoutMs }
  // A name that the operator allows is believed whatever it is resolved to, and by whom.
  if (allow({ host, port })) return tunnel({ host, port }, through)
  return tunnelTo(await addressesOf(host, resolve), port, through)
}

/** A number stands for itself: it was judged already. */
async function addressesOf(host: string, resolve: LookupFunction): Promise<LookupAddress[]> {
  if (isIP(host)) return [{ address: host, family: isIP(host) }]
  return new Promise((resolved, reject) => {
    resolve(host, { all: true }, (error, found) => {
      if (error) reject(error)
      else resolved(found as LookupAddress[])
    })
  })
}

/**
 * What is wrong with an address as it stands. `hasNumbers`: addresses are allowed by number, so
 * that a name without TLS may resolve to one of them.
 */
export function visibleRefusal(
  url: URL,
  allow: AllowList,
  hasNumbers: boolean,
): PacklineError | undefined {
  const host = plainHost(url.hostname)
  const isPlain = url.protocol !== 'https:'
  const port = Number(url.port || (isPlain ? 80 : 443))
  // Names that every system resolves to itself.
  const address = /(^|\.)localhost$/.test(host) ? '127.0.0.1' : host
  if (allow({ host, port, address })) return undefined
  const isRefused = isIP(address) ? isPlain || !isPublicAddress(address) : isPlain && !hasNumbers
  return isRefused ? notAllowed(host, isPlain) : undefined
}

/** Says nothing of what a name was resolved to: that is nobody's business but the operator's. */
function notAllowed(host: string, isPlain: boolean): PacklineError {
  const detail = isPlain
    ? { en: `"${host}" may not be reached without TLS`, zh: `不允许不经 TLS 访问 "${host}"` }
    : { en: `"${host}" is no address of the public internet`, zh: `"${host}" 不是公网地址` }
  const hint = {
    en: 'Use a public https address; the operator can allow others: PACKLINE_OUTBOUND_ALLOW.',
    zh: '请使用公网的 https 地址；管理员可以放行其他地址：PACKLINE_OUTBOUND_ALLOW。',
  }
  return failed('SOURCE_NOT_ALLOWED', { detail, hint })
}
