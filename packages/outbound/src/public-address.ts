import ipaddr from 'ipaddr.js'

/** Of all of version 6 only this is handed out to the public. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')

/** Public by its number, and yet answered by the machine's own cloud (Azure's WireServer). */
const METADATA: ReadonlySet<string> = new Set(['168.63.129.16'])

/**
 * Whether an IP address belongs to the public internet. Ranges for translation (mapped, NAT64,
 * 6to4, Teredo) do not: an address of a private network may be hidden in each of them.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  if (address instanceof ipaddr.IPv6) return address.match(GLOBAL_UNICAST)
  return !METADATA.has(address.toString())
}
