import type { AcceptResult, NewBuild, Records } from '@packline/records'
import { batchRequestSchema, PacklineError } from '@packline/shared'
import { type Request, type Response, Router } from 'express'
import { idempotencyOf, tellReplayed } from '../idempotency.ts'
import { takeIn } from '../intake.ts'
import { parse } from '../parse.ts'
import { otherMethods } from '../problem.ts'
import { pageQuery } from '../query.ts'
import { resumeAfter, sendEvents } from '../sse.ts'
import type { Surroundings } from '../surroundings.ts'

const RETRIED_AT_ONCE = 20

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
  const parsed = parse(batchRequestSchema, request.body, 'the body')
  const idempotency = idempotencyOf(request, parsed)
  // Asks Redis first: where it is away, nothing goes to the store.
  const window = await surroundings.window()
  const builds = await takeIn(parsed.builds, { tenant, as: 'batch', idempotency }, surroundings)
  const options = { tenant, batch: { labels: parsed.labels }, idempotency, window }
  answer(response, await surroundings.records.accept(builds, options))
}

function answer(response: Response, accepted: AcceptResult, more: { retryOf?: string } = {}) {
  const { ids, batch: id = '' } = accepted
  const place = `/v1/batches/${id}`
  tellReplayed(response, accepted)
  response
    .status(202)
    .location(place)
    .json({ id, builds: ids, events: `${place}/events`, ...more })
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
    throw new PacklineError('CONFLICT', 'No build of the batch has failed', {
      hint: 'Retry what ended otherwise one by one with POST /v1/builds/ID/retry.',
    })
  }
  const builds: NewBuild[] = []
  for await (const failed of failedOf(records, tenant, batch.id)) {
    const before = await Promise.all(failed.map(({ id }) => records.request(tenant, id)))
    for (const [place, { id, queue, priority }] of failed.entries()) {
      const asked = before[place]
      if (asked) builds.push({ ...asked, queue, priority, retryOf: id })
    }
  }
  const idempotency = idempotencyOf(request)
  const window = await surroundings.window()
  const options = { tenant, batch: { labels: batch.labels }, idempotency, window }
  answer(response, await records.accept(builds, options), { retryOf: batch.id })
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
