import type { AuditEntry, KeyView, OwnKey } from '@packline/shared'

export const KEY_ID = 'pkl_01kaz5w2m70000000000000000'

export const KEY: KeyView = {
  id: KEY_ID,
  name: 'pipeline of the shop',
  scope: 'build',
  createdAt: '2026-01-05T08:00:00.000Z',
  createdBy: 'env_1c56f1b2',
  expiresAt: '2126-07-05T00:00:00.000Z',
  lastUsedAt: '2026-01-05T09:30:00.000Z',
}

export const OWN_KEY: OwnKey = {
  id: KEY_ID,
  name: KEY.name,
  scope: KEY.scope,
  expiresAt: '2126-07-05T00:00:00.000Z',
  tenant: 'shop',
}

export const AUDIT_ENTRY: AuditEntry = {
  id: '1767600000000-0',
  at: '2026-01-05T08:00:00.000Z',
  kind: 'keys',
  key: 'env_1c56f1b2',
  keyName: 'PACKLINE_KEYS',
  method: 'POST',
  path: `/v1/keys/${KEY_ID}`,
  requestId: '6a2b0a5e-8d9b-4f3b-9a51-0d6a3a6b7c11',
}
