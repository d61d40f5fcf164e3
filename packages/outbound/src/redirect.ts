import type { Dispatcher } from 'undici'

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** All that another origin may be told; whatever else there is may let somebody in. */
const HARMLESS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'range',
  'user-agent',
])

interface Hop {
  url: URL
  headers: Readonly<Record<string, string>>
}

/** Where an answer leads on to, and what may be said there; undefined: it is the answer. */
export function nextHop(
  { statusCode, headers }: Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'>,
  from: Hop,
  method: string,
): { address: string; headers: Hop['headers'] } | undefined {
  if (!REDIRECTS.has(statusCode) || (method !== 'GET' && method !== 'HEAD')) return undefined
  const location = [headers.location].flat()[0]
  const url = location === undefined ? null : URL.parse(location, from.url.href)
  if (!url) return undefined
  return {
    address: url.href,
    headers: url.origin === from.url.origin ? from.headers : harmless(from.headers),
  }
}

function harmless(headers: Hop['headers']): Hop['headers'] {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => HARMLESS.has(name.toLowerCase())),
  )
}
