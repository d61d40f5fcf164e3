import { type AuditKind, type Scope, withoutKeys } from '@packline/shared'
import { columns } from '@packline/terminal'
import { row } from '../rows.ts'
import { everyPage } from '../server/every-page.ts'
import { serverOf } from '../server/find-server.ts'
import type { Terminal } from '../terminal.ts'

const DAY_MS = 24 * 60 * 60_000

interface Json {
  json?: boolean
}

/** `packline keys list`: never the keys themselves. */
export async function listKeys(terminal: Terminal, { json }: Json): Promise<number> {
  const client = await serverOf(terminal)
  const items = await everyPage((page) => client.keys(page))
  const { stdout, stderr } = terminal
  if (json) stdout.write(`${JSON.stringify({ items })}\n`)
  else if (items.length === 0) stderr.write('no keys but those of the environment of the API\n')
  else {
    const rows = items.map(({ id, scope, lastUsedAt, expiresAt, name }) => {
      const until = expiresAt === undefined ? '' : atOf(expiresAt)
      return [id, scope, lastUsedAt === undefined ? 'never' : atOf(lastUsedAt), until, name]
    })
    stdout.write(`${columns([['key', 'scope', 'used', 'expires', 'name'], ...rows])}\n`)
  }
  return 0
}

interface CreateOptions extends Json {
  scope: Scope
  days?: number
}

/** `packline keys create`. */
export async function createKey(
  terminal: Terminal,
  name: string,
  { scope, days, json }: CreateOptions,
): Promise<number> {
  const client = await serverOf(terminal)
  const expiresAt = days === undefined ? undefined : new Date(Date.now() + days * DAY_MS)
  const made = await client.addKey({ name, scope, expiresAt: expiresAt?.toISOString() })
  terminal.stdout.write(`${json ? JSON.stringify(made) : made.key}\n`)
  if (json) return 0
  const until = made.expiresAt === undefined ? [] : [row('expires', atOf(made.expiresAt))]
  const rows = [row('id', made.id), row('scope', made.scope), ...until, row('next', NEXT)]
  terminal.stderr.write(`${rows.join('\n')}\n`)
  return 0
}

const NEXT = 'keep the key; it is not shown again'

/** `packline keys revoke`; who gives the whole key means its id. */
export async function revokeKey(terminal: Terminal, key: string, { json }: Json): Promise<number> {
  const id = withoutKeys(key)
  const removed = await (await serverOf(terminal)).revokeKey(id)
  terminal.stdout.write(`${json ? JSON.stringify(removed) : row('revoked', id)}\n`)
  return 0
}

interface AuditOptions extends Json {
  kind?: AuditKind
  since?: Date
  until?: Date
  limit: number
}

/** `packline audit-log`: newest first. */
export async function auditLog(
  terminal: Terminal,
  { kind, since, until, limit, json }: AuditOptions,
): Promise<number> {
  const client = await serverOf(terminal)
  const asked = { kind, after: since?.toISOString(), before: until?.toISOString() }
  const items = await everyPage((page) => client.auditLog({ ...asked, ...page }), limit)
  const { stdout, stderr } = terminal
  if (json) stdout.write(`${JSON.stringify({ items })}\n`)
  else if (items.length === 0) stderr.write('nothing was done\n')
  else {
    const rows = items.map(({ at, key, keyName = '', method, path }) => {
      return [atOf(at), method, path, key, keyName]
    })
    stdout.write(`${columns([['when', 'did', 'what', 'by', 'name'], ...rows])}\n`)
  }
  return 0
}

function atOf(time: string): string {
  return time.replace('T', ' ').replace(/(\.\d+)?Z$/, '')
}
