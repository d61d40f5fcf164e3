import { buildRequestSchema, isTerminal, PacklineError } from '@packline/shared'
import { type Request, type Response, Router } from 'express'
import { idempotencyOf, tellReplayed } from '../idempotency.ts'
import { takeIn } from '../intake.ts'
import { parse } from '../parse.ts'
import { otherMethods } from '../problem.ts'
import { buildsQuery } from '../query.ts'
import { resumeAfter, sendEvents } from '../sse.ts'
import type { Surroundings } from '../surroundings.ts'
import { sendConfiguration, sendDeployment, sendReport, sendSbom } from './documents.ts'
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
  for (const [what, send] of Object.entries(DOCUMENTS)) {
    router.route(`/:id/${what}`).get(on(send)).all(otherMethods)
  }
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

/** What is kept of a build that has ended, each under its own path. */
const DOCUMENTS = {
  report: sendReport,
  configuration: sendConfiguration,
  sbom: sendSbom,
  deployment: sendDeployment,
}

type Handler = (
  request: Request<{ id: string }>,
  response: Response,
  surroundings: Surroundings,
) => Promise<void>

async function accept(request: Request, response: Response, surroundings: Surroundings) {
  const { tenant } = response.locals
  const parsed = parse(buildRequestSchema, request.body, 'the body')
  const idempotency = idempotencyOf(request, parsed)
  // Asks Redis first: where it is away, nothing goes to the store.
  const window = await surroundings.window()
  const builds = await takeIn([parsed], { tenant, as: 'build', idempotency }, surroundings)
  const accepted = await surroundings.records.accept(builds, { tenant, idempotency, window })
  tellReplayed(response, accepted)
  const [id = ''] = accepted.ids
  const place = `/v1/builds/${id}`
  response
    .status(202)
    .location(place)
    .json({ id, events: `${place}/events` })
}

async function list(request: Request, response: Response, { records }: Surroundings) {
  const { cursor, limit, ...filter } = parse(buildsQuery, request.query, 'the query')
  response.json(await records.list(response.locals.tenant, filter, { cursor, limit }))
}

async function follow(
  request: Request<{ id: string }>,
  response: Response,
  { records, stopping }: Surroundings,
) {
  const { tenant } = response.locals
  const { id } = request.params
  const after = resumeAfter(request)
  // A build that is not there is a 404, not an empty stream.
  const { state } = await records.get(tenant, id)
  await sendEvents(response, events, { stopping, mayWait: !isTerminal(state) })

  async function* events(gone: AbortSignal) {
    for await (const event of records.watchBuild(tenant, id, after, gone)) {
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
  const accepted = await records.accept([build], { tenant, idempotency, window })
  tellReplayed(response, accepted)
  const [id = ''] = accepted.ids
  const place = `/v1/builds/${id}`
  response
    .status(202)
    .location(place)
    .json({ id, events: `${place}/events`, retryOf: old.id })
}
