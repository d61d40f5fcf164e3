import type { NewBuild, Records } from '@packline/records'
import { batchesQuery, batchInLanguage, failed, parse } from '@packline/shared'
import { type Request, type Response, Router } from 'express'
import { answerLanguage } from '../answer-language.ts'
import { madeOnce } from '../idempotency.ts'
import { otherMethods } from '../problem.ts'
import { resumeAfter, sendEvents } from '../sse.ts'
import type { Surroundings } from '../surroundings.ts'
import { packageFailures } from '../texts/packages.ts'
import { answerBatch } from './answer-batch.ts'
import { sendManifest, sendPackages } from './batch-result.ts'
import { addNoticeRoutes } from './notices.ts'
import { takeBatch } from './take-batch.ts'

const RETRIED_AT_ONCE = 20

/** `/v1/batches`: many builds asked for, watched, cancelled and retried together. */
export function batchRoutes(surroundings: Surroundings): Router {
  const { records } = surroundings
  const router = Router()
  router
    .route('/')
    .get(async (request, response) => {
      const { label, ...page } = parse(batchesQuery, request.query, 'the query')
      const { tenant } = response.locals
      const { items, next } = await records.listBatches(tenant, { label }, page)
      const language = answerLanguage(request, response)
      response.json({ items: items.map((batch) => batchInLanguage(batch, language)), next })
    })
    .post((request, response) => takeBatch(request, response, surroundings))
    .all(otherMethods)
  router
    .route('/:id')
    .get(async (request, response) => {
      const batch = await records.getBatch(response.locals.tenant, request.params.id)
      response.json(batchInLanguage(batch, answerLanguage(request, response)))
    })
    .all(otherMethods)
  router
    .route('/:id/events')
    .get((request, response) => follow(request, response, surroundings))
    .all(otherMethods)
  router
    .route('/:id/manifest')
    .get((request, response) => sendManifest(request, response, surroundings))
    .all(otherMethods)
  router
    .route('/:id/packages')
    .get((request, response) => sendPackages(request, response, surroundings))
    .all(otherMethods)
  router
    .route('/:id/cancel')
    .post(async (request, response) => {
      const { tenant } = response.locals
      response.json(await records.cancelBatch(tenant, request.params.id, 'asked for'))
    })
    .all(otherMethods)
  router
    .route('/:id/retry')
    .post((request, response) => retryFailed(request, response, surroundings))
    .all(otherMethods)
  addNoticeRoutes(router, surroundings, (batch) => ({ batch }))
  return router
}

async function follow(
  request: Request<{ id: string }>,
  response: Response,
  { records, stopping }: Surroundings,
) {
  const { tenant } = response.locals
  const { id } = request.params
  const after = resumeAfter(request)
  const { finished } = await records.getBatch(tenant, id)
  await sendEvents(response, events, { stopping, mayWait: !finished })

  async function* events(gone: AbortSignal) {
    for await (const change of records.watchBatch(tenant, id, after, gone)) {
      yield { id: change.seq, event: change.expansion ? 'expansion' : 'build', body: change }
    }
  }
}

/** The failed builds of a batch as a new one; each says which build it retries. */
async function retryFailed(
  request: Request<{ id: string }>,
  response: Response,
  surroundings: Surroundings,
) {
  const { tenant } = response.locals
  const { records } = surroundings
  const retryOf = request.params.id
  const accepted = await madeOnce(request, response, {}, surroundings, async (idempotency) => {
    const { labels, counts, failure } = await records.getBatch(tenant, retryOf)
    if (failure) {
      // Its repository could not be read: there may be none to retry, and all is asked for anew.
      const { spec } = await records.expansions.ofBatch(tenant, retryOf)
      const again = await records.expansions.accept(spec, { tenant, labels, retryOf, idempotency })
      return { ids: [], ...again }
    }
    if (counts.failed === 0) throw failed('CONFLICT', packageFailures.noneFailed())
    const builds = await retriesOf(records, tenant, retryOf)
    const window = await surroundings.window()
    return records.accept(builds, { tenant, batch: { labels, retryOf }, idempotency, window })
  })
  answerBatch(response, accepted, { retryOf })
}

async function retriesOf(records: Records, tenant: string, batch: string): Promise<NewBuild[]> {
  const builds: NewBuild[] = []
  for await (const some of failedOf(records, tenant, batch)) {
    const before = await Promise.all(some.map(({ id }) => records.request(tenant, id)))
    for (const [place, { id, queue, priority }] of some.entries()) {
      const asked = before[place]
      if (asked) builds.push({ ...asked, queue, priority, retryOf: id })
    }
  }
  return builds
}

/** Page by page: of builds long archived each request is a read of the store. */
async function* failedOf(records: Records, tenant: string, batch: string) {
  let cursor: string | undefined
  do {
    const filter = { batch, state: 'failed' } as const
    const page = await records.list(tenant, filter, { cursor, limit: RETRIED_AT_ONCE })
    yield page.items
    cursor = page.next
  } while (cursor !== undefined)
}
