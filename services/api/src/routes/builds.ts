import { buildRequestSchema, isTerminal, PacklineError } from '@packline/shared'
import { type Request, type Response, Router } from 'express'
import { idempotencyOf } from '../idempotency.ts'
import { takeIn } from '../intake.ts'
import { parse } from '../parse.ts'
import { otherMethods } from '../problem.ts'
import { buildsQuery } from '../query.ts'
import { resumeAfter, sendEvents, untilClosed } from '../sse.ts'
import type { Surroundings } from '../surroundings.ts'
import { sendLog } from './log.ts'
import { sendPackage } from './package.ts'

/** `/v1/builds`: ask for one, list, look, follow, take the package, cancel, retry. */
export function buildRoutes(surroundings: Surroundings): Router {
  const { records } = surroundings
  const router = Router()
  const on = (handler: Handler) => (request: Request<{ id: string }>, response: Response) =>
    handler(request, response, surroundings)
  router.route('/').get(on(list)).post(on(accept)).all(otherMethods)
  router
    .route('/:id')
    .get(async (request, response) => {
      response.json(await records.get(response.locals.tenant, request.params.id))
    })
    .all(otherMethods)
  router.route('/:id/events').get(on(follow)).all(otherMethods)
  router.route('/:id/log').get(on(sendLog)).all(otherMethods)
  router
    .route('/:id/report')
    .get(async (request, response) => {
      response.json(await records.report(response.locals.tenant, request.params.id))
    })
    .all(otherMethods)
  router.route('/:id/package').get(on(sendPackage)).all(otherMethods)
  router
    .route('/:id/cancel')
    .post(async (request, response) => {
      const { tenant } = response.locals
      response.json(await records.cancel(tenant, request.params.id, 'asked for'))
    })
    .all(otherMethods)
  router.route('/:id/retry').post(on(retry)).all(otherMethods)
  return router
}

type Handler = (
  request: Request<{ id: string }>,
  response: Response,
  surroundings: Surroundings,
) => Promise<void>

async function accept(request: Request, response: Response, surroundings: Surroundings) {
  const { tenant } = response.locals
  const idempotency = idempotencyOf(request)
  const parsed = parse(buildRequestSchema, request.body, 'the body')
  const builds = await takeIn([parsed], tenant, 'interactive', surroundings)
  const window = await surroundings.window()
  const { ids, replayed } = await surroundings.records.accept(builds, {
    tenant,
    idempotency,
    window,
  })
  const [id = ''] = ids
  if (replayed) response.set('Idempotency-Replayed', 'true')
  response
    .status(202)
    .location(`/v1/builds/${id}`)
    .json({ id, events: `/v1/builds/${id}/events` })
}

async function list(request: Request, response: Response, { records }: Surroundings) {
  const { cursor, limit, ...filter } = parse(buildsQuery, request.query, 'the query')
  response.json(await records.list(response.locals.tenant, filter, { cursor, limit }))
}

async function follow(
  request: Request<{ id: string }>,
  response: Response,
  { records }: Surroundings,
) {
  const { tenant } = response.locals
  const { id } = request.params
  const after = resumeAfter(request)
  // A build that is not there is a 404, not an empty stream.
  await records.get(tenant, id)
  await sendEvents(response, events())

  async function* events() {
    for await (const event of records.watchBuild(tenant, id, after, untilClosed(response))) {
      yield { id: event.seq, event: event.type, body: event }
    }
  }
}

/** A retry by hand is a new build: the old one stays as it ended. */
async function retry(
  request: Request<{ id: string }>,
  response: Response,
  surroundings: Surroundings,
) {
  const { tenant } = response.locals
  const { records } = surroundings
  const old = await records.get(tenant, request.params.id)
  if (!isTerminal(old.state)) {
    throw new PacklineError('CONFLICT', `The build is ${old.state}; only an ended one is retried`, {
      hint: `Cancel it first with POST /v1/builds/${old.id}/cancel.`,
    })
  }
  const before = await records.request(tenant, old.id)
  const { queue, priority } = old
  const build = { ...before, queue, priority, retryOf: old.id }
  const idempotency = idempotencyOf(request)
  const window = await surroundings.window()
  const { ids } = await records.accept([build], { tenant, idempotency, window })
  const [id = ''] = ids
  response.status(202).location(`/v1/builds/${id}`).json({ id, retryOf: old.id })
}
