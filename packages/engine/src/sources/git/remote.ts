import { isAbsolute, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Words } from '@packline/shared'
import { failed, isRef, type PacklineError } from '@packline/shared'
import type { Engine } from '../../context.ts'
import type { Reach } from '../../process/command.ts'
import { gitFailures, NOT_READ } from '../../texts/failures/git.ts'

/** Where a repository is, after its address was found to be allowed. */
export type Remote = HostRemote | { kind: 'local'; path: string }

/** `protocols`: what git may speak, redirects included; `reach`: whom it may speak to. */
export interface HostRemote {
  kind: 'host'
  url: string
  /** As credentials name it: with its port where that is not the usual one. */
  host: string
  protocols: string
  reach: readonly Reach[]
}

type Allowed = Pick<Engine, 'allowLocalGit' | 'plainHttpHosts'>

/** https; ssh; http to the hosts that the worker names; a path where the worker allows it. */
export function remoteOf(address: string, allowed: Allowed): Remote {
  if (isAbsolute(address)) return localRemote(normalize(address), allowed)
  const scp = SCP_FORM.exec(address)?.groups
  if (scp) return sshRemote(address, { host: scp.host ?? '', port: 22 })
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || /[\s\p{Cc}]/u.test(address)) throw notAllowed(NOT_READ.noAddress)
  if (url.protocol === 'file:') return localRemote(pathOf(url), allowed)
  if (url.protocol === 'ssh:') return sshRemote(address, serverOf(url))
  // Not even the user's name is repeated: some write the token there.
  if (url.username !== '' || url.password !== '') {
    throw failed('SOURCE_NOT_ALLOWED', gitFailures.hasPassword())
  }
  if (url.hash !== '') throw notAllowed(NOT_READ.fragment)
  const protocols = protocolsOf(url, allowed)
  const reach = reachOf(url, isPlain(url, allowed))
  return { kind: 'host', url: url.href, host: url.host, protocols, reach }
}

/** `git@host:owner/repository.git`; a host as in SSH_HOST. */
const SCP_FORM = /^[A-Za-z0-9_][\w.-]*@(?<host>[A-Za-z0-9][\w.-]*):(?![/:])[^\s\p{Cc}]+$/u
const SSH_HOST = /^[A-Za-z0-9][\w.-]*$|^\[[0-9a-f:.]+\]$/
const SSH_USER = /^[A-Za-z0-9_][\w.-]*$/

function serverOf({ username, password, hostname, port, pathname, hash }: URL): Reach {
  const isPlain = SSH_USER.test(username) && SSH_HOST.test(hostname) && pathname.length > 1
  if (!isPlain || password !== '' || hash !== '') {
    throw notAllowed(NOT_READ.sshForm)
  }
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 22) }
}

function sshRemote(url: string, server: Reach): HostRemote {
  const name = server.host.includes(':') ? `[${server.host}]` : server.host.toLowerCase()
  const host = server.port === 22 ? name : `${name}:${server.port}`
  return { kind: 'host', url, host, protocols: 'ssh', reach: [server] }
}

/** The one server; where it redirects from plain http to https, it is still the same. */
function reachOf({ protocol, hostname, port }: URL, isTrusted: boolean): Reach[] {
  const host = hostname.replace(/^\[|\]$/g, '')
  const at = (number: number) => ({ host, port: number, ...(isTrusted ? { isTrusted } : {}) })
  if (port !== '') return [at(Number(port))]
  return protocol === 'https:' ? [at(443)] : [at(80), at(443)]
}

/** The operator named it: then it may be inside, too. */
function isPlain({ hostname, host }: URL, { plainHttpHosts }: Allowed): boolean {
  return plainHttpHosts.includes(hostname) || plainHttpHosts.includes(host)
}

function protocolsOf(url: URL, allowed: Allowed): string {
  if (url.protocol === 'https:') return 'https'
  if (url.protocol !== 'http:') {
    throw notAllowed(NOT_READ.otherProtocol(url.protocol.slice(0, 20)))
  }
  if (isPlain(url, allowed)) return 'http:https'
  throw notAllowed(NOT_READ.plainHttp(url.host))
}

function localRemote(path: string, { allowLocalGit }: Allowed): Remote {
  if (allowLocalGit) return { kind: 'local', path }
  throw notAllowed(NOT_READ.local)
}

function pathOf(url: URL): string {
  try {
    return fileURLToPath(url)
  } catch (error) {
    throw notAllowed(NOT_READ.otherHost, error)
  }
}

function notAllowed(why: Words, cause?: unknown): PacklineError {
  return failed('SOURCE_NOT_ALLOWED', gitFailures.notAllowed(why), { cause })
}

const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

export function isCommit(ref: string): boolean {
  return COMMIT.test(ref)
}

/**
 * Throws INVALID_REQUEST for what is no name of a branch, tag or commit. Requests are held to the
 * same, but git's command line relies on it here.
 */
export function checkRef(ref: string): void {
  if (isRef(ref)) return
  throw failed('INVALID_REQUEST', gitFailures.badRef(JSON.stringify(ref)))
}
