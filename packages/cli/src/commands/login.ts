import { createHash } from 'node:crypto'
import { packlineClient } from '@packline/client'
import { row } from '../rows.ts'
import { askKey } from '../server/ask-key.ts'
import { findServer, serverOf } from '../server/find-server.ts'
import { loginFile, removeLogin, writeLogin } from '../server/login-file.ts'
import type { Terminal } from '../terminal.ts'

interface LoginOptions {
  key?: string
  json?: boolean
}

/** `packline login`: keeps a server and a key, once the server has taken the key. */
export async function login(
  terminal: Terminal,
  given: string,
  options: LoginOptions,
): Promise<number> {
  const url = given.replace(/\/+$/, '')
  // Before the key is asked for: an address that is none is not worth typing one.
  packlineClient({ url, key: '' })
  const key = options.key ?? terminal.environment.PACKLINE_KEY ?? (await askKey(terminal))
  await packlineClient({ url, key, language: terminal.language }).builds({ limit: 1 })
  const file = loginFile(terminal.environment)
  await writeLogin(file, { url, key })
  terminal.stdout.write(
    options.json ? `${JSON.stringify({ url, file })}\n` : `${row('server', url)}\n`,
  )
  if (!options.json) terminal.stderr.write(`${row('kept in', file)}\n`)
  return 0
}

/** `packline logout`: forgets them. */
export async function logout(
  { environment, stdout }: Terminal,
  options: { json?: boolean },
): Promise<number> {
  const removed = await removeLogin(loginFile(environment))
  const said = removed ? 'logged out' : 'nobody was logged in'
  stdout.write(`${options.json ? JSON.stringify({ removed }) : said}\n`)
  return 0
}

/** `packline whoami`: which server, by which key, what it is good for, and that both still hold. */
export async function whoami(terminal: Terminal, options: { json?: boolean }): Promise<number> {
  const client = await serverOf(terminal)
  const { url, key, because } = (await findServer(terminal.environment)) ?? NOBODY
  const [{ tenant, name, scope, expiresAt }, { profile }] = await Promise.all([
    client.key(),
    client.limits(),
  ])
  const shown = shownKey(key)
  const end = expiresAt === undefined ? '' : ` until ${expiresAt}`
  const rows = [
    row('server', url),
    row('key', `${shown} "${name}"`),
    row('by', because),
    row('scope', `${scope}${end}`),
    row('tenant', tenant),
    row('profile', profile),
  ]
  const known = { url, key: shown, name, because, scope, expiresAt, tenant, profile }
  const text = options.json ? JSON.stringify(known) : rows.join('\n')
  terminal.stdout.write(`${text}\n`)
  return 0
}

/** Enough to tell keys apart that begin alike, too little to use one. */
function shownKey(key: string): string {
  const digest = createHash('sha256').update(key).digest('hex')
  return `${key.slice(0, 6)}... (sha256 ${digest.slice(0, 8)})`
}

const NOBODY = { url: '', key: '', because: '' }
