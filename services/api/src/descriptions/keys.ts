import {
  auditEntrySchema,
  auditQuery,
  keyMadeSchema,
  keyRequestSchema,
  keysQuery,
  keyViewSchema,
  ownKeySchema,
  pageOf,
} from '@packline/shared'
import * as z from 'zod'
import { AUDIT_ENTRY, KEY, KEY_ID, OWN_KEY } from '../examples/keys.ts'
import type { Description } from './description.ts'

const { lastUsedAt: _, ...NEW_KEY } = KEY

export const keyPaths: readonly Description[] = [
  [
    'post',
    '/v1/keys',
    'Make a key, which is shown once',
    {
      scope: 'admin',
      audited: 'keys',
      body: keyRequestSchema,
      status: 201,
      answer: keyMadeSchema,
      keyed: true,
      fails: ['CONFLICT', 'SECRETS_LOCKED'],
      example: {
        body: { name: KEY.name, scope: KEY.scope, expiresAt: KEY.expiresAt },
        answer: { ...NEW_KEY, key: `${KEY_ID}_${'e'.repeat(43)}` },
      },
    },
  ],
  [
    'get',
    '/v1/keys',
    'List keys, newest first, without what is secret',
    {
      scope: 'admin',
      query: keysQuery,
      answer: pageOf(keyViewSchema),
      example: { answer: { items: [KEY] } },
    },
  ],
  [
    'delete',
    '/v1/keys/{id}',
    'Revoke a key: at once, and what is being sent to it is cut',
    {
      scope: 'admin',
      audited: 'keys',
      answer: z.object({ removed: z.int() }),
      fails: ['NOT_FOUND'],
      example: { path: { id: KEY_ID }, answer: { removed: 1 } },
    },
  ],
  [
    'get',
    '/v1/key',
    'The key that the request is made with',
    { answer: ownKeySchema, example: { answer: OWN_KEY } },
  ],
  [
    'get',
    '/v1/audit',
    'Who did what, newest first',
    {
      note:
        'Changes of keys, hooks, credentials, functions and dependency packages that went well, ' +
        'and downloads of packages. The newest 10,000 of a tenant are kept.',
      scope: 'admin',
      query: auditQuery,
      answer: pageOf(auditEntrySchema),
      example: { answer: { items: [AUDIT_ENTRY] } },
    },
  ],
]
