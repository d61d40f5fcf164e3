import type { Reach } from '../command.ts'

/** What a host may be written with, where any below a name is meant. */
const NAME = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/

/**
 * The server of the list that is meant, or undefined. What the command wrote is compared, and only
 * used where the list says `*.name`.
 */
export function permitted(reach: readonly Reach[], host: string, port: number): Reach | undefined {
  const asked = plain(host)
  const named = reach.find((one) => one.port === port && one.host.toLowerCase() === asked)
  if (named) return named
  const below = reach.find((one) => one.port === port && isBelow(asked, one.host.toLowerCase()))
  return below && { ...below, host: asked }
}

/** A host as it is compared and shown: version 6 without brackets. */
export function plain(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$/g, '')
}

function isBelow(asked: string, host: string): boolean {
  return host.startsWith('*.') && asked.endsWith(host.slice(1)) && NAME.test(asked)
}
