import type { BatchRequestInput, BatchView, ManifestLine } from '@packline/shared'
import { BUILD_ID, BUILD_REQUEST } from './builds.ts'

export const BATCH_ID = 'batch01kaz5w2m70000000000000ab'

export const BATCH_REQUEST: BatchRequestInput = {
  builds: [BUILD_REQUEST, { ...BUILD_REQUEST, function: 'hello-too' }],
  labels: { release: '7' },
}

export const ACCEPTED_BATCH = {
  id: BATCH_ID,
  builds: [BUILD_ID, 'b01kaz5w2m70000000000000ad'],
  events: `/v1/batches/${BATCH_ID}/events`,
}

export const BATCH: BatchView = {
  id: BATCH_ID,
  createdAt: '2026-01-05T08:00:00.000Z',
  labels: { release: '7' },
  counts: { total: 2, queued: 0, running: 0, succeeded: 1, failed: 1, cancelled: 0 },
  finished: true,
}

export const MANIFEST_LINE: ManifestLine = {
  function: 'hello',
  id: BUILD_ID,
  state: 'failed',
  failure: {
    code: 'ENTRY_MISSING',
    title: 'The entry file is missing',
    blame: 'caller',
    detail: 'index.js is not in the package',
  },
}
