import { join } from 'node:path'
import { failed } from '@packline/shared'
import type { BuildContext } from '../../context.ts'
import { BUILD } from '../../package.ts'
import type { Bind } from '../../process/command.ts'
import { basicOf, credentialSecrets } from '../../secrets/credential-secrets.ts'
import { gitFailures } from '../../texts/failures/git.ts'
import type { HostRemote, Remote } from './remote.ts'

/** What git gets for a private repository, while it runs with network and no longer. */
export interface GitAccess {
  /** Added to git's own configuration file. */
  config: string
  env: Readonly<Record<string, string>>
  /** Files below BUILD.registries. */
  files: Readonly<Record<string, string>>
  binds: readonly Bind[]
  /** Never to be printed. */
  secrets: readonly string[]
}

/**
 * The tenant's credential for the server: a token over https, a deploy key over ssh. Undefined
 * where a public repository is read without one. `name`: the one that the source names.
 */
export async function accessOf(
  remote: Remote,
  context: BuildContext,
  name: string | undefined,
): Promise<GitAccess | undefined> {
  if (remote.kind === 'local') return undefined
  if (remote.protocols === 'ssh') return keyAccess(remote, context, name)
  if (remote.protocols === 'https') return tokenAccess(remote, context, name)
  if (name === undefined) return undefined
  throw failed('SOURCE_NOT_ALLOWED', gitFailures.noTransport())
}

async function tokenAccess(
  { host }: HostRemote,
  context: BuildContext,
  name: string | undefined,
): Promise<GitAccess | undefined> {
  const credential = await context.openCredential({ kind: 'git-token', host, name })
  if (!credential) return undefined
  // A server that leads elsewhere would take the header along.
  const config = `[http "https://${host}/"]
	extraHeader = "Authorization: Basic ${basicOf(credential)}"
	followRedirects = false
`
  return { config, env: {}, files: {}, binds: [], secrets: credentialSecrets(credential) }
}

const KEY = `${BUILD.registries}/git-key`
const KNOWN_HOSTS = `${BUILD.registries}/known_hosts`
const TUNNEL = '/packline/tunnel.cjs'

async function keyAccess(
  { host }: HostRemote,
  context: BuildContext,
  name: string | undefined,
): Promise<GitAccess> {
  const credential = await context.openCredential({ kind: 'git-key', host, name })
  if (!credential) throw failed('SOURCE_NOT_ALLOWED', gitFailures.noDeployKey(host))
  const { privateKey, knownHosts } = credential
  if (knownHosts === undefined) {
    throw failed('SOURCE_NOT_ALLOWED', gitFailures.noKnownHosts(host))
  }
  const isFenced = context.isolation.kind === 'sandbox'
  return {
    config: '',
    env: { GIT_SSH_COMMAND: sshCommand(isFenced), GIT_SSH_VARIANT: 'ssh' },
    files: { [KEY]: ended(privateKey), [KNOWN_HOSTS]: ended(knownHosts) },
    binds: isFenced ? [{ from: join(import.meta.dirname, 'tunnel.cjs'), to: TUNNEL }] : [],
    secrets: credentialSecrets(credential),
  }
}

/** Nothing of the machine's own settings, no question, no other key; out by the sandbox's door. */
function sshCommand(isFenced: boolean): string {
  const options = [
    `IdentityFile=${KEY}`,
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'BatchMode=yes',
    'PreferredAuthentications=publickey',
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${KNOWN_HOSTS}`,
    'GlobalKnownHostsFile=/dev/null',
    'ConnectTimeout=30',
    'ServerAliveInterval=15',
  ]
  const tunnel = isFenced ? [`-oProxyCommand='/packline/node ${TUNNEL} %h %p'`] : []
  return ['ssh', '-F', 'none', ...options.map((option) => `-o${option}`), ...tunnel].join(' ')
}

/** A key without its last line end can not be read. */
function ended(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}
