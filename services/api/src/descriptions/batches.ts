import {
  acceptedBatchSchema,
  batchChangeSchema,
  batchesQuery,
  batchLinesQuery,
  batchOrManifestSchema,
  batchViewSchema,
  buildRequestSchema,
  cancelledSchema,
  manifestLineSchema,
  pageOf,
  takenBatchSchema,
} from '@packline/shared'
import {
  ACCEPTED_BATCH,
  BATCH,
  BATCH_ID,
  BATCH_REQUEST,
  MANIFEST_LINE,
} from '../examples/batches.ts'
import type { Description } from './description.ts'
import { INTAKE_FAILS } from './shared-rows.ts'

const path = { id: BATCH_ID }

export const batchPaths: readonly Description[] = [
  [
    'post',
    '/v1/batches',
    'Ask for many builds',
    {
      body: batchOrManifestSchema,
      lines: buildRequestSchema,
      query: batchLinesQuery,
      status: 202,
      answer: takenBatchSchema,
      spoken: true,
      keyed: true,
      fails: INTAKE_FAILS,
      example: { body: BATCH_REQUEST, answer: ACCEPTED_BATCH },
    },
  ],
  [
    'get',
    '/v1/batches',
    'List batches, newest first',
    {
      query: batchesQuery,
      answer: pageOf(batchViewSchema),
      spoken: true,
      example: { answer: { items: [BATCH] } },
    },
  ],
  [
    'get',
    '/v1/batches/{id}',
    'One batch with its counts',
    {
      answer: batchViewSchema,
      spoken: true,
      fails: ['NOT_FOUND'],
      example: { path, answer: BATCH },
    },
  ],
  [
    'get',
    '/v1/batches/{id}/events',
    'State changes with counts, as they come',
    { events: batchChangeSchema, fails: ['NOT_FOUND'], example: { path } },
  ],
  [
    'get',
    '/v1/batches/{id}/manifest',
    'How each build stands or ended, one JSON object per line',
    {
      types: ['application/x-ndjson'],
      answer: manifestLineSchema,
      spoken: true,
      fails: ['NOT_FOUND'],
      example: { path, answer: MANIFEST_LINE },
    },
  ],
  [
    'get',
    '/v1/batches/{id}/packages',
    'All packages of a finished batch as one ZIP, with its manifest',
    {
      audited: 'downloads',
      types: ['application/zip'],
      spoken: true,
      fails: ['NOT_FOUND', 'CONFLICT'],
      example: { path },
    },
  ],
  [
    'post',
    '/v1/batches/{id}/cancel',
    'Cancel what has not ended',
    {
      answer: cancelledSchema,
      fails: ['NOT_FOUND'],
      example: { path, answer: { cancelled: 2 } },
    },
  ],
  [
    'post',
    '/v1/batches/{id}/retry',
    'Ask again for what failed',
    {
      status: 202,
      answer: acceptedBatchSchema,
      keyed: true,
      fails: [
        'NOT_FOUND',
        'CONFLICT',
        'DEPENDENCY_PACKAGE_NOT_FOUND',
        'STORE_UNAVAILABLE',
        'SECRETS_LOCKED',
      ],
      example: { path, answer: { ...ACCEPTED_BATCH, retryOf: BATCH_ID } },
    },
  ],
]
