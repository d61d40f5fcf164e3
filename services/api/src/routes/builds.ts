import { takeIn } from '@packline/intake'
import type { AcceptResult } from '@packline/records'
import {
  buildInLanguage,
  buildRequestSchema,
  buildsQuery,
  eventInLanguage,
  failed,
  isTerminal,
  type ParsedBuildRequest,
  parse,
} from '@packline/shared'
import { type Request, type Response, Router } from 'express'
import { answerLanguage } from '../answer-language.ts'
import { madeOnce } from '../idempotency.ts'
import { otherMethods } from '../problem.ts'
import { resumeAfter, sendEvents } from '../sse.ts'
import type { Surroundings } from '../surroundings.ts'
import { packageFailures } from '../texts/packages.ts'
import {
  sendConfiguration,
  sendDeployment,
  sendReport,
  sendSbom,
  sendSourceMap,
} from './documents.ts'
import { sendLog } from './log.ts'
import { addNoticeRoutes } from './notices.ts'
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
      const build = await records.get(response.locals.tenant, request.params.id)
      response.json(buildInLanguage(build, answerLanguage(request, response)))
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
  addNoticeRoutes(router, surroundings, (build) => ({ build }))
  return router
}

/** What is kept of a build that has ended, each under its own path. */
const DOCUMENTS = {
  report: sendReport,
  configuration: sendConfiguration,
  sbom: sendSbom,
  'source-map': sendSourceMap,
  deployment: sendDeployment,
}

type Handler = (
  request: Request<{ id: string }>,
  response: Response,
  surroundings: Surroundings,
) => Promise<void>

async function accept(request: Request, response: Response, surroundings: Surroundings) {
  const parsed = parse(buildRequestSchema, request.body, 'the body')
  await acceptOne(parsed, request, response, surroundings)
}

/** Takes one build in and answers where it can be followed. */
export async function acceptOne(
  parsed: ParsedBuildRequest,
  request: Parameters<typeof madeOnce>[0],
  response: Response,
  surroundings: Surroundings,
): Promise<void> {
  const { tenant } = response.locals
  const accepted = await madeOnce(request, response, parsed, surroundings, async (idempotency) => {
    // Asks Redis first: where it is away, nothing goes to the store.
    const window = await surroundings.window()
    const builds = await takeIn([parsed], { tenant, as: 'build' }, surroundings)
    return surroundings.records.accept(builds, { tenant, idempotency, window })
  })
  answerBuild(response, accepted)
}

/** Where one accepted build can be followed. */
export function answerBuild(
  response: Response,
  { ids: [id = ''] }: AcceptResult,
  more: { retryOf?: string } = {},
): void {
  const place = `/v1/builds/${id}`
  response
    .status(202)
    .location(place)
    .json({ id, events: `${place}/events`, ...more })
}

async function list(request: Request, response: Response, { records }: Surroundings) {
  const { cursor, limit, ...filter } = parse(buildsQuery, request.query, 'the query')
  const { items, next } = await records.list(response.locals.tenant, filter, { cursor, limit })
  const language = answerLanguage(request, response)
  response.json({ items: items.map((build) => buildInLanguage(build, language)), next })
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
  const language = answerLanguage(request, response)
  await sendEvents(response, events, { stopping, mayWait: !isTerminal(state) })

  async function* events(gone: AbortSignal) {
    for await (const event of records.watchBuild(tenant, id, after, gone)) {
      yield { id: event.seq, event: event.type, body: eventInLanguage(event, language) }
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
  const retryOf = request.params.id
  const accepted = await madeOnce(request, response, {}, surroundings, async (idempotency) => {
    const old = await records.get(tenant, retryOf)
    if (!isTerminal(old.state))
      throw failed('CONFLICT', packageFailures.notEnded(retryOf, old.state))
    const before = await records.request(tenant, retryOf)
    const { queue, priority } = old
    const window = await surroundings.window()
    const build = { ...before, queue, priority, retryOf }
    return records.accept([build], { tenant, idempotency, window })
  })
  answerBuild(response, accepted, { retryOf })
}
