import { credentialSchema, credentialViewSchema, pageOf } from '@packline/shared'
import * as z from 'zod'
import type { Description } from './description.ts'

const path = { name: 'git-main' }
const HOST = { kind: 'git-token', host: 'git.example.com' } as const
const TOKEN = { ...HOST, token: 'the-token-of-the-git-server' }
const VIEW = { ...path, ...HOST, writtenAt: '2026-01-05T08:00:00.000Z' }

export const credentialPaths: readonly Description[] = [
  [
    'put',
    '/v1/credentials/{name}',
    'Keep a credential for sources; it is never shown again',
    {
      scope: 'admin',
      audited: 'credentials',
      body: credentialSchema,
      answer: credentialViewSchema,
      fails: ['CONFLICT', 'SECRETS_LOCKED'],
      example: { path, body: TOKEN, answer: VIEW },
    },
  ],
  [
    'get',
    '/v1/credentials',
    'List credentials, without what is secret',
    { answer: pageOf(credentialViewSchema), example: { answer: { items: [VIEW] } } },
  ],
  [
    'delete',
    '/v1/credentials/{name}',
    'Delete a credential',
    {
      scope: 'admin',
      audited: 'credentials',
      answer: z.object({ removed: z.int() }),
      fails: ['NOT_FOUND'],
      example: { path, answer: { removed: 1 } },
    },
  ],
]
