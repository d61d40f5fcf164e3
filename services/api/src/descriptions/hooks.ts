import {
  deliveryListSchema,
  hookChangesSchema,
  hookMadeSchema,
  hookRequestSchema,
  hooksQuery,
  hookViewSchema,
  pageOf,
  receiptSchema,
} from '@packline/shared'
import * as z from 'zod'
import { DELIVERY, DELIVERY_ID, HOOK, HOOK_ID, HOOK_REQUEST } from '../examples/hooks.ts'
import type { Description } from './description.ts'

const path = { id: HOOK_ID }
const RECEIPT = { delivery: DELIVERY_ID, outcome: 'accepted' }
const payload = z.looseObject({}).meta({ id: 'HookPayload' })

export const hookPaths: readonly Description[] = [
  [
    'post',
    '/v1/hooks',
    'Bind a repository and functions to a secret, which is shown once',
    {
      scope: 'admin',
      audited: 'hooks',
      body: hookRequestSchema,
      status: 201,
      answer: hookMadeSchema,
      keyed: true,
      fails: ['CONFLICT', 'SECRETS_LOCKED', 'SOURCE_NOT_ALLOWED'],
      example: {
        body: HOOK_REQUEST,
        answer: { ...HOOK, secret: 'whsec_c2VjcmV0IG9mIHRoZSBob29r' },
      },
    },
  ],
  [
    'get',
    '/v1/hooks',
    'List hooks, newest first',
    { query: hooksQuery, answer: pageOf(hookViewSchema), example: { answer: { items: [HOOK] } } },
  ],
  [
    'get',
    '/v1/hooks/{id}',
    'One hook, without its secret',
    { answer: hookViewSchema, fails: ['NOT_FOUND'], example: { path, answer: HOOK } },
  ],
  [
    'patch',
    '/v1/hooks/{id}',
    'Change a hook',
    {
      scope: 'admin',
      audited: 'hooks',
      body: hookChangesSchema,
      answer: hookViewSchema,
      fails: ['NOT_FOUND', 'CONFLICT', 'SECRETS_LOCKED', 'SOURCE_NOT_ALLOWED'],
      example: { path, body: { active: true, tags: null }, answer: HOOK },
    },
  ],
  [
    'delete',
    '/v1/hooks/{id}',
    'Delete a hook; what was accepted before is built',
    {
      scope: 'admin',
      audited: 'hooks',
      answer: z.object({ removed: z.int() }),
      fails: ['NOT_FOUND'],
      example: { path, answer: { removed: 1 } },
    },
  ],
  [
    'get',
    '/v1/hooks/{id}/deliveries',
    'The last hundred deliveries, newest first, each with what came of it',
    {
      answer: deliveryListSchema,
      spoken: true,
      fails: ['NOT_FOUND'],
      example: { path, answer: { items: [DELIVERY] } },
    },
  ],
  [
    'post',
    '/v1/hooks/{id}/deliveries/{delivery}/redeliver',
    'Work a push off again; what a newer one has built is left alone',
    {
      audited: 'hooks',
      answer: receiptSchema,
      keyed: true,
      fails: ['NOT_FOUND', 'CONFLICT', 'SECRETS_LOCKED'],
      example: { path: { id: HOOK_ID, delivery: DELIVERY_ID }, answer: RECEIPT },
    },
  ],
  [
    'post',
    '/hooks/{id}',
    'Where a git server delivers: signed, without a key',
    {
      body: payload,
      answer: receiptSchema,
      spoken: true,
      open: true,
      fails: ['NOT_FOUND', 'NOT_AUTHENTICATED', 'SECRETS_LOCKED'],
      example: { path, body: { ref: 'refs/heads/main' }, answer: RECEIPT },
    },
  ],
]
