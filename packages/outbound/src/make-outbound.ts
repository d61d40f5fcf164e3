import type { LookupFunction } from 'node:net'
import type { FailureWords, Words } from '@packline/shared'
import { failed, type PacklineError } from '@packline/shared'
import { Agent, type Dispatcher } from 'undici'
import { isNumeric, makeAllowList, plainHost } from './allow-list.ts'
import { boundedBody } from './bounded-body.ts'
import { checkedConnect, visibleRefusal } from './checked-connect.ts'
import type { Outbound, OutboundAnswer, OutboundRequest } from './outbound.ts'
import { nextHop } from './redirect.ts'
import { unreachable } from './unreachable.ts'

const CONNECT_MS_MAX = 10_000
const TIMEOUT_MS = 30_000
const REDIRECTS_MAX = 5
const ADDRESS_CHARACTERS_MAX = 8192

export interface OutboundOptions {
  /** Hosts, `host:port`, addresses and CIDRs that may be private and without TLS. */
  allow: readonly string[]
  /** Another name service than the system's, for tests. */
  lookup?: LookupFunction
  /** Authorities beside those that Node.js knows, PEM. */
  ca?: readonly string[]
  /**
   * The proxy by which an https server is reached: it is told the address that was judged, not the
   * name. Without TLS, which the operator allows to what is inside, servers are reached directly.
   */
  proxyFor?: (server: { host: string; port: number }) => URL | undefined
}

export function makeOutbound(options: OutboundOptions): Outbound {
  const allow = makeAllowList(options.allow)
  const { lookup, ca, proxyFor } = options
  const dispatcher = new Agent({
    connect: checkedConnect({ allow, lookup, ca, proxyFor, timeoutMs: CONNECT_MS_MAX }),
    connections: 32,
    keepAliveTimeout: 1000,
    pipelining: 1,
  })
  return {
    allows: allow,
    check: (address) => {
      const refused = visibleRefusal(allowedUrl(address), allow, options.allow.some(isNumeric))
      if (refused) throw refused
    },
    request: async (address, request) => {
      let hop = { url: allowedUrl(address), headers: request.headers ?? {} }
      const hopsMax = (request.redirectsMax ?? REDIRECTS_MAX) + 1
      for (let hops = 1; hops <= hopsMax; hops++) {
        const answer = await ask(dispatcher, hop.url, request, hop.headers)
        const next = nextHop(answer, hop, request.method ?? 'GET')
        if (next === undefined) return toAnswer(answer, hop.url, request)
        // What a redirect says beside its address is of no use, and may be endless.
        answer.body.on('error', () => {}).destroy()
        hop = { url: allowedUrl(next.address), headers: next.headers }
      }
      throw failed('SOURCE_NOT_ALLOWED', leadsOn(placeOf(allowedUrl(address)), hopsMax - 1))
    },
  }
}

async function ask(
  dispatcher: Agent,
  url: URL,
  request: OutboundRequest,
  headers: Readonly<Record<string, string>>,
): Promise<Dispatcher.ResponseData> {
  const { method = 'GET', body, signal, timeoutMs = TIMEOUT_MS } = request
  signal.throwIfAborted()
  try {
    return await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers,
      body,
      signal,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    })
  } catch (error) {
    signal.throwIfAborted()
    throw unreachable(error, placeOf(url))
  }
}

function toAnswer(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  url: URL,
  { bytesMax, signal, method }: OutboundRequest,
): OutboundAnswer {
  const declared = method === 'HEAD' ? 0 : Number(headers['content-length'] ?? 0)
  const place = placeOf(url)
  return {
    status: statusCode,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value = '']) => [name, String(value)]),
    ),
    body: boundedBody(body, { bytesMax, declared, place, signal }),
    url: url.href,
  }
}

/** What is wrong with an address can be said before anything is asked. */
function allowedUrl(address: string): URL {
  const url = address.length <= ADDRESS_CHARACTERS_MAX ? URL.parse(address) : null
  if (!url) throw notAllowed({ en: 'The address is not a URL', zh: '该地址不是 URL' })
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw notAllowed({
      en: `An address begins with https, not with "${url.protocol}"`,
      zh: `地址应以 https 开头，而不是 "${url.protocol}"`,
    })
  }
  if (url.username !== '' || url.password !== '') {
    throw notAllowed({
      en: `The address of "${url.hostname}" holds a user or a password`,
      zh: `"${url.hostname}" 的地址中含有用户名或密码`,
    })
  }
  if (plainHost(url.hostname) === '') {
    throw notAllowed({ en: 'The address names no host', zh: '该地址没有主机名' })
  }
  return url
}

function notAllowed(detail: Words): PacklineError {
  return failed('SOURCE_NOT_ALLOWED', { detail })
}

function leadsOn(place: string, timesMax: number): FailureWords {
  return {
    detail: {
      en: `${place} leads on more than ${timesMax} times`,
      zh: `${place} 转向超过 ${timesMax} 次`,
    },
    hint: { en: 'Give the address that it ends at.', zh: '请给出最终的地址。' },
  }
}

/** A query may hold a signature: it is not repeated. */
function placeOf({ origin, pathname }: URL): string {
  return `${origin}${pathname}`
}
