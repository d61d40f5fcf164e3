import ipaddr from 'ipaddr.js'
import * as z from 'zod'

/** Where a connection would go: as the address names it, and the number it was resolved to. */
export interface Destination {
  /** Without brackets. */
  host: string
  port: number
  /** Undefined: not resolved yet. */
  address?: string
}

/** What the operator lets be private and without TLS. */
export type AllowList = (destination: Destination) => boolean

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number]
type Entry = { range: Range } | { host: string; port: number | undefined }

/** Hosts, `host:port`, addresses and CIDRs with commas between, as operators write them. */
export const outboundAllowSchema = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .pipe(
    z.array(
      z.string().refine((entry) => parseEntry(entry) !== undefined, {
        error: 'must be a host, host:port, an IP address or a CIDR, with commas between',
      }),
    ),
  )

/** Throws where an entry can not be read: a misspelt one must not pass for none. */
export function makeAllowList(allow: readonly string[]): AllowList {
  const entries = allow.map((text) => {
    const entry = parseEntry(text)
    if (entry) return entry
    throw new Error(`"${text}" is no host, host:port, IP address or CIDR`)
  })
  return (destination) => entries.some((entry) => isMet(entry, destination))
}

/** Whether an entry is an address or a CIDR. */
export function isNumeric(entry: string): boolean {
  return ipaddr.isValidCIDR(entry) || ipaddr.isValid(entry)
}

function parseEntry(text: string): Entry | undefined {
  if (ipaddr.isValidCIDR(text)) return { range: ipaddr.parseCIDR(text) }
  // As addresses are read: letter case, punycode and short forms of numbers end up the same.
  const bare = ipaddr.IPv6.isValid(text) ? `[${text}]` : text
  const url = /[/@?#]/.test(bare) ? null : URL.parse(`http://${bare}`)
  if (!url) return undefined
  // The URL leaves out 80, which it takes for said.
  const port = /:(\d+)$/.exec(bare.replace(/^\[.*\]/, ''))?.[1]
  return { host: plainHost(url.hostname), port: port === undefined ? undefined : Number(port) }
}

/** A host as the system wants it: version 6 without brackets, names without the root's dot. */
export function plainHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}

function isMet(entry: Entry, { host, port, address }: Destination): boolean {
  if ('host' in entry) {
    return (entry.host === host || entry.host === address) && (entry.port ?? port) === port
  }
  const candidate = address ?? host
  if (!ipaddr.isValid(candidate)) return false
  // A range of version 4 holds for its addresses in version 6's clothes as well.
  const number = ipaddr.process(candidate)
  return number.kind() === entry.range[0].kind() && number.match(entry.range as never)
}
