import type { Records } from '@packline/records'
import { type BuildView, batchRequestSchema, PacklineError } from '@packline/shared'
import { type Request, type Response, Router } from 'express'
import { idempotencyOf } from '../idempotency.ts'
import { takeIn } from '../intake.ts'
import { parse } from '../parse.ts'
import { otherMethods } from '../problem.ts'
import { pageQuery } from '../query.ts'
import { resumeAfter, sendEvents, untilClosed } from '../sse.ts'
import type { Surroundings } from '../surroundings.ts'

const RETRIED_MAX = 1000

/** `/v1/batches`: many builds asked for, watched, cancelled and retried together. */
export function batchRoutes(surroundings: Surroundings): Router {
  const { records } = surroundings
  const router = Router()
  router
    .route('/')
    .get(async (request, response) => {
      const page = parse(pageQuery, request.query, 'the query')
      response.json(await records.listBatches(response.locals.tenant, page))
    })
    .post((request, response) => accept(request, response, surroundings))
    .all(otherMethods)
  router
    .route('/:id')
    .get(async (request, response) => {
      response.json(await records.getBatch(response.locals.tenant, request.params.id))
    })
    .all(otherMethods)
  router
    .route('/:id/events')
    .get((request, response) => follow(request, response, surroundings))
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
  return router
}

async function accept(request: Request, response: Response, surroundings: Surroundings) {
  const { tenant } = response.locals
  const idempotency = idempotencyOf(request)
  const { builds: parsed, labels } = parse(batchRequestSchema, request.body, 'the body')
  const builds = await takeIn(parsed, tenant, 'bulk', surroundings)
  const window = await surroundings.window()
  const options = { tenant, batch: { labels }, idempotency, window }
  const { ids, batch = '', replayed } = await surroundings.records.accept(builds, options)
  if (replayed) response.set('Idempotency-Replayed', 'true')
  response
    .status(202)
    .location(`/v1/batches/${batch}`)
    .json({ id: batch, builds: ids, events: `/v1/batches/${batch}/events` })
}

async function follow(
  request: Request<{ id: string }>,
  response: Response,
  { records }: Surroundings,
) {
  const { tenant } = response.locals
  const { id } = request.params
  const after = resumeAfter(request)
  await records.getBatch(tenant, id)
  await sendEvents(response, events())

  async function* events() {
    for await (const change of records.watchBatch(tenant, id, after, untilClosed(response))) {
      yield { id: change.seq, event: 'build', body: change }
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
  const batch = await records.getBatch(tenant, request.params.id)
  if (batch.counts.failed === 0) {
    throw new PacklineError('CONFLICT', 'No build of the batch has failed')
  }
  const builds = []
  for await (const failed of failedOf(records, tenant, batch.id)) {
    const before = await records.request(tenant, failed.id)
    builds.push({ ...before, queue: failed.queue, priority: failed.priority, retryOf: failed.id })
  }
  const idempotency = idempotencyOf(request)
  const window = await surroundings.window()
  const options = { tenant, batch: { labels: batch.labels }, idempotency, window }
  const { ids, batch: id = '' } = await records.accept(builds, options)
  response.status(202).location(`/v1/batches/${id}`).json({ id, builds: ids, retryOf: batch.id })
}

async function* failedOf(
  records: Records,
  tenant: string,
  batch: string,
): AsyncGenerator<BuildView> {
  let cursor: string | undefined
  let found = 0
  do {
    const page = await records.list(tenant, { batch, state: 'failed' }, { cursor, limit: 200 })
    for (const build of page.items) {
      if (found++ < RETRIED_MAX) yield build
    }
    cursor = page.next
  } while (cursor !== undefined && found < RETRIED_MAX)
}
