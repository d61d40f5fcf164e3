import { isAbsolute, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PacklineError } from '@packline/shared'
import type { Engine } from '../../context.ts'
import type { Reach } from '../../process/command.ts'

/** Where a repository is, after its address was found to be allowed. */
export type Remote = HostRemote | { kind: 'local'; path: string }

/** `protocols`: what git may speak, redirects included; `reach`: whom it may speak to. */
interface HostRemote {
  kind: 'host'
  url: string
  host: string
  protocols: string
  reach: readonly Reach[]
}

type Allowed = Pick<Engine, 'allowLocalGit' | 'plainHttpHosts'>

/** https; http to the hosts that the worker names; a path where the worker allows it. */
export function remoteOf(address: string, allowed: Allowed): Remote {
  if (isAbsolute(address)) return localRemote(normalize(address), allowed)
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || /[\s\p{Cc}]/u.test(address)) throw notAllowed('it is no https address')
  if (url.protocol === 'file:') return localRemote(pathOf(url), allowed)
  // Not even the user's name is repeated: some write the token there.
  if (url.username !== '' || url.password !== '') {
    throw new PacklineError('SOURCE_NOT_ALLOWED', 'The git address holds a user or password', {
      hint: 'Take it out of the address: requests are stored and shown.',
    })
  }
  if (url.hash !== '') throw notAllowed('it has a part after "#"')
  const protocols = protocolsOf(url, allowed)
  return { kind: 'host', url: url.href, host: url.host, protocols, reach: reachOf(url) }
}

/** The one server; where it redirects from plain http to https, it is still the same. */
function reachOf({ protocol, hostname, port }: URL): Reach[] {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (port !== '') return [{ host, port: Number(port) }]
  const secure = { host, port: 443 }
  return protocol === 'https:' ? [secure] : [{ host, port: 80 }, secure]
}

function protocolsOf(url: URL, { plainHttpHosts }: Allowed): string {
  if (url.protocol === 'https:') return 'https'
  if (url.protocol !== 'http:') {
    throw notAllowed(`it is read by "${url.protocol.slice(0, 20)}"; only https is`)
  }
  if (plainHttpHosts.includes(url.hostname) || plainHttpHosts.includes(url.host)) {
    return 'http:https'
  }
  throw notAllowed(`plain http to ${url.host} is not among what this worker allows`)
}

function localRemote(path: string, { allowLocalGit }: Allowed): Remote {
  if (allowLocalGit) return { kind: 'local', path }
  throw notAllowed('it is a path on the worker, and this worker reads no local repositories')
}

function pathOf(url: URL): string {
  try {
    return fileURLToPath(url)
  } catch (error) {
    throw notAllowed('it is a file of another host', error)
  }
}

function notAllowed(why: string, cause?: unknown): PacklineError {
  return new PacklineError('SOURCE_NOT_ALLOWED', `The git address may not be read: ${why}`, {
    hint: 'Give an address such as https://host/owner/repository.git.',
    cause,
  })
}

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

export function isCommit(ref: string): boolean {
  return COMMIT.test(ref)
}

/** What git-check-ref-format(1) forbids, and anything that a command line could misread. */
const NOT_A_REF = /^[-/.+^:]|[\s~^:?*[\\\p{Cc}]|\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)|[/.]$|^@$/u

/** Throws INVALID_REQUEST for what is no name of a branch, tag or commit. */
export function checkRef(ref: string): void {
  if (!NOT_A_REF.test(ref)) return
  throw new PacklineError('INVALID_REQUEST', `source.ref is ${JSON.stringify(ref)}`, {
    hint: 'Expected the name of a branch or tag, or a full commit id.',
  })
}
