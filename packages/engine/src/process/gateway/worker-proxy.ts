import type { Reach } from '../command.ts'

type Environment = Readonly<Record<string, string>>

/**
 * The proxy that the worker itself must take to a server: what HTTPS_PROXY, HTTP_PROXY and NO_PROXY
 * of a command's environment say. Undefined: it is reached directly. Throws where the address is
 * none of an http or https proxy.
 */
export function workerProxy(
  env: Environment,
  scheme: 'http' | 'https',
  server: Reach,
): URL | undefined {
  const address = variable(env, `${scheme}_proxy`)
  if (address === undefined || isExempt(variable(env, 'no_proxy') ?? '', server)) return undefined
  const url = URL.parse(address.includes('://') ? address : `http://${address}`)
  // The address may hold a password: it is not repeated.
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new Error(`the worker's ${scheme} proxy is not an http or https address`)
}

/** A host as the system wants it: addresses of version 6 without brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

function variable(env: Environment, name: string): string | undefined {
  return env[name] || env[name.toUpperCase()] || undefined
}

/** As curl reads it: names with all below them, addresses, `*` for all; a port may follow. */
function isExempt(list: string, { host, port }: Reach): boolean {
  const entries = list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
  const name = host.toLowerCase()
  return entries.some((entry) => {
    const bare = entry.replace(/^\*?\.(?=.)/, '')
    const domain = bare.endsWith(`:${port}`) ? bare.slice(0, -`:${port}`.length) : bare
    return domain === '*' || name === domain || name.endsWith(`.${domain}`)
  })
}
