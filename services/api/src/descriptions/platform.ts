import {
  limitsViewSchema,
  livesSchema,
  notReadySchema,
  readySchema,
  runtimesViewSchema,
  workersViewSchema,
} from '@packline/shared'
import { LIMITS_ANSWER, RUNTIMES_ANSWER, WORKER } from '../examples/platform.ts'
import type { Description } from './description.ts'

export const platformPaths: readonly Description[] = [
  [
    'get',
    '/v1/runtimes',
    'Runtimes and versions of the platform',
    { answer: runtimesViewSchema, example: { answer: RUNTIMES_ANSWER } },
  ],
  [
    'get',
    '/v1/limits',
    'Limits of the platform and of Packline',
    { answer: limitsViewSchema, example: { answer: LIMITS_ANSWER } },
  ],
  [
    'get',
    '/v1/workers',
    'Workers that live',
    { answer: workersViewSchema, example: { answer: { items: [WORKER] } } },
  ],
  [
    'get',
    '/healthz',
    'Whether the process lives',
    { answer: livesSchema, open: true, known: true, example: { answer: { status: 'ok' } } },
  ],
  [
    'get',
    '/readyz',
    'Whether Redis and the store answer',
    {
      answer: readySchema,
      open: true,
      fails: ['STORE_UNAVAILABLE'],
      problem: notReadySchema,
      example: { answer: { ready: true, redis: 'ok', store: 'ok' } },
    },
  ],
]
