import { isIP, type LookupFunction } from 'node:net'
import { type Destination, isPublicAddress, resolveChecked } from '@packline/outbound'
import type { Reach } from '../command.ts'

/** Which private addresses the operator lets a command reach by a name that is not trusted. */
export type Allows = (destination: Destination) => boolean

/** A server that has, or a name that leads to, an address inside. */
export class NotPublic extends Error {}

/**
 * The name service for a connection to one server. What the operator named may lie anywhere; what
 * somebody else named must be public or allow-listed, with every address that its name has.
 */
export function judgedLookup(server: Reach, allows: Allows): LookupFunction | undefined {
  if (server.isTrusted) return undefined
  return resolveChecked((addresses) => refusal(server, addresses, allows))
}

/** Throws NotPublic for a number, which is never looked up. */
export function judgeNumber(server: Reach, allows: Allows): void {
  if (server.isTrusted || isIP(server.host) === 0) return
  const refused = refusal(server, [server.host], allows)
  if (refused) throw refused
}

/** It says nothing of what a name was resolved to. */
function refusal({ host, port }: Reach, addresses: readonly string[], allows: Allows) {
  const fits = (address: string) => isPublicAddress(address) || allows({ host, port, address })
  return addresses.every(fits) ? undefined : new NotPublic(host)
}
