import { type NoticeView, noticeListSchema, noticeViewSchema } from '@packline/shared'
import { BATCH_ID } from '../examples/batches.ts'
import { BUILD_ID } from '../examples/builds.ts'
import { BATCH_NOTICE, NOTICE } from '../examples/notices.ts'
import type { Description } from './description.ts'

export const noticePaths: readonly Description[] = [
  ...pathsOf('/v1/builds/{id}', 'a build', BUILD_ID, NOTICE),
  ...pathsOf('/v1/batches/{id}', 'a batch', BATCH_ID, BATCH_NOTICE),
]

function pathsOf(place: string, owner: string, id: string, notice: NoticeView): Description[] {
  const { lastStatus: _, lastError: _error, nextAt: _at, deliveredAt: _told, ...rest } = notice
  const again = { ...rest, state: 'pending' as const, attempts: 0 }
  return [
    [
      'get',
      `${place}/notices`,
      `What is told outside of ${owner}, and how that went`,
      {
        answer: noticeListSchema,
        fails: ['NOT_FOUND'],
        example: { path: { id }, answer: { items: [notice] } },
      },
    ],
    [
      'post',
      `${place}/notices/{notice}/redeliver`,
      'Tell it once more, from the first attempt on',
      {
        status: 202,
        answer: noticeViewSchema,
        fails: ['NOT_FOUND'],
        example: { path: { id, notice: notice.id }, answer: again },
      },
    ],
  ]
}
