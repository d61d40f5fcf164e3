import type { AuditEntry, KeyMade, KeyRequestInput, KeyView, OwnKey } from '@packline/shared'
import type { Connection } from '../connection.ts'
import { inQuery, type Keyed, type Listed, path, type Query, send } from './asked.ts'

export interface KeyCalls {
  /** The only answer that has the key itself. */
  addKey(request: KeyRequestInput, options?: Keyed): Promise<KeyMade>
  /** The one that the client asks with. */
  key(): Promise<OwnKey>
  keys(query?: Query): Promise<Listed<KeyView>>
  /** By its id. */
  revokeKey(id: string): Promise<{ removed: number }>
  /** Who did what, newest first; `kind`, `after` and `before` narrow it. */
  auditLog(query?: Query): Promise<Listed<AuditEntry>>
}

export function keyCalls(server: Connection): KeyCalls {
  return {
    addKey: (request, keyed) => send(server, 'POST', '/v1/keys', request, keyed),
    key: () => server.json('/v1/key'),
    keys: (query) => server.json(`/v1/keys${inQuery(query)}`),
    revokeKey: (id) => server.json(path`/v1/keys/${id}`, { method: 'DELETE' }),
    auditLog: (query) => server.json(`/v1/audit${inQuery(query)}`),
  }
}
