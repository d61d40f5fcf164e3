import type { NoticeOwner } from '@packline/records'
import type { Router } from 'express'
import { otherMethods } from '../problem.ts'
import type { Surroundings } from '../surroundings.ts'

/** What is told outside of a build or a batch, and telling it once more. */
export function addNoticeRoutes(
  router: Router,
  { records: { notices } }: Surroundings,
  ownerOf: (id: string) => NoticeOwner,
): void {
  router
    .route('/:id/notices')
    .get(async ({ params }, response) => {
      response.json({ items: await notices.list(response.locals.tenant, ownerOf(params.id)) })
    })
    .all(otherMethods)
  router
    .route('/:id/notices/:notice/redeliver')
    .post(async ({ baseUrl, params: { id, notice } }, response) => {
      const again = await notices.redeliver(response.locals.tenant, ownerOf(id), notice)
      response.status(202).location(`${baseUrl}/${id}/notices`).json(again)
    })
    .all(otherMethods)
}
