import {
  request as askPlain,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http'
import { request as askSecurely } from 'node:https'
import { pipeline } from 'node:stream/promises'
import { proxyHeaders } from '@packline/outbound'
import type { Reach } from '../command.ts'
import { type Allows, judgedLookup, judgeNumber } from './judge.ts'
import { hostOf } from './worker-proxy.ts'

/** Of one connection, not of what it carries (RFC 9110, 7.6.1). */
const HOP_BY_HOP =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|host)$/i

/** Where a request goes: straight to the server, or to the proxy that finds it by the address. */
export interface Way {
  server: Reach
  url: URL
  proxy?: URL
  signal: AbortSignal
  allows: Allows
}

/**
 * Repeats a plain http request to its server, or to the worker's proxy, and hands the answer back.
 * Throws when the server can not be reached, when either side hangs up, or NotPublic.
 */
export async function forward(
  { server, url, proxy, signal, allows }: Way,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  judgeNumber(server, allows)
  const { host, port } = server
  const direct = { host, port, lookup: judgedLookup(server, allows) }
  const ask = proxy ? askerOf(proxy) : askPlain
  const asked = ask({
    ...(proxy ? { host: hostOf(proxy), port: proxy.port || undefined } : direct),
    method: request.method,
    path: proxy ? url.href : `${url.pathname}${url.search}`,
    headers: { ...endToEnd(request), host: url.host, ...(proxy ? proxyHeaders(proxy) : {}) },
    agent: false,
    signal,
  })
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  asked.once('response', resolve)
  asked.on('error', reject)
  // A command that hangs up needs no answer any more.
  response.once('close', () => asked.destroy())
  request.pipe(asked)
  const answered = await promise
  response.writeHead(answered.statusCode ?? 502, endToEnd(answered))
  await pipeline(answered, response)
}

function endToEnd({ headersDistinct }: IncomingMessage): OutgoingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headersDistinct).filter(([name]) => !HOP_BY_HOP.test(name)),
  )
}

/** How one speaks to a proxy: in clear, or inside TLS. */
function askerOf({ protocol }: URL): typeof askPlain {
  return protocol === 'https:' ? askSecurely : askPlain
}
