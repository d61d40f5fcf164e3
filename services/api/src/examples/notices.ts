import type { NoticeView } from '@packline/shared'
import { BATCH_ID } from './batches.ts'
import { BUILD_ID } from './builds.ts'

export const NOTICE: NoticeView = {
  id: `${BUILD_ID}-callback`,
  build: BUILD_ID,
  kind: 'callback',
  state: 'pending',
  attempts: 2,
  lastStatus: 500,
  lastError: 'The answer was 500',
  nextAt: '2026-11-26T09:02:35.120Z',
  createdAt: '2026-11-26T09:00:04.250Z',
}

export const BATCH_NOTICE: NoticeView = {
  id: `${BATCH_ID}-callback`,
  batch: BATCH_ID,
  kind: 'callback',
  state: 'delivered',
  attempts: 1,
  lastStatus: 204,
  createdAt: '2026-11-26T09:00:09.250Z',
  deliveredAt: '2026-11-26T09:00:09.480Z',
}
