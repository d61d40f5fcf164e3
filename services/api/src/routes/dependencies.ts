import { takeInDependency } from '@packline/intake'
import {
  dependencyRequestSchema,
  namesQuery,
  numbersQuery,
  parse,
  revisionParameter,
} from '@packline/shared'
import { type Request, type Response, Router } from 'express'
import { madeOnce } from '../idempotency.ts'
import { otherMethods } from '../problem.ts'
import type { Surroundings } from '../surroundings.ts'
import { answerBuild } from './builds.ts'
import { sendStored } from './package.ts'

/** `/v1/dependencies`: ask for one, list, look, take, delete; a number is a revision. */
export function dependencyRoutes(surroundings: Surroundings): Router {
  const { records } = surroundings
  const router = Router()
  const on = (handler: Handler) => (request: Request, response: Response) =>
    handler(request, response, surroundings)
  router
    .route('/')
    .get(async (request, response) => {
      const page = parse(namesQuery, request.query, 'the query')
      response.json(await records.listDependencies(response.locals.tenant, page))
    })
    .post(on(accept))
    .all(otherMethods)
  router
    .route('/:name')
    .get(async (request, response) => {
      response.json(await records.dependency(response.locals.tenant, request.params.name))
    })
    .delete(async (request, response) => {
      response.json(await records.dropDependency(response.locals.tenant, request.params.name))
    })
    .all(otherMethods)
  router
    .route('/:name/revisions')
    .get(async (request, response) => {
      const page = parse(numbersQuery, request.query, 'the query')
      const { name } = request.params
      response.json(await records.listRevisions(response.locals.tenant, name, page))
    })
    .all(otherMethods)
  router.route('/:name/revisions/:revision').get(on(look)).delete(on(drop)).all(otherMethods)
  router.route('/:name/revisions/:revision/package').get(on(take)).all(otherMethods)
  return router
}

type Handler = (request: Request, response: Response, surroundings: Surroundings) => Promise<void>

/** A dependency package is made as every build is: its events say when it has its revision. */
async function accept(request: Request, response: Response, surroundings: Surroundings) {
  const { tenant } = response.locals
  const parsed = parse(dependencyRequestSchema, request.body, 'the body')
  const accepted = await madeOnce(request, response, parsed, surroundings, async (idempotency) => {
    // Asks Redis first: where it is away, nothing goes to the store.
    const window = await surroundings.window()
    const build = await takeInDependency(parsed, tenant, surroundings)
    return surroundings.records.accept([build], { tenant, idempotency, window })
  })
  answerBuild(response, accepted)
}

async function look(request: Request, response: Response, { records }: Surroundings) {
  const { tenant } = response.locals
  const { name, revision } = parse(revisionParameter, request.params, 'the path')
  const found = await records.revision(tenant, name, revision)
  response.json({ ...found, usedBy: await records.users(tenant, { name, revision }) })
}

async function drop(request: Request, response: Response, { records }: Surroundings) {
  const { name, revision } = parse(revisionParameter, request.params, 'the path')
  response.json(await records.dropDependency(response.locals.tenant, name, revision))
}

async function take(request: Request, response: Response, { records, store }: Surroundings) {
  const { name, revision } = parse(revisionParameter, request.params, 'the path')
  const found = await records.revision(response.locals.tenant, name, revision)
  const { package: stored, build } = found
  await sendStored(request, response, { stored, name, build }, store)
}
