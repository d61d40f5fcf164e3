import {
  aliasParameter,
  aliasPutSchema,
  numberParameter,
  numbersQuery,
  packagesDiffQuery,
  parse,
} from '@packline/shared'
import { type Request, type Response, Router } from 'express'
import { diffPackages } from '../diff-packages.ts'
import { otherMethods } from '../problem.ts'
import type { Surroundings } from '../surroundings.ts'
import { sendStored } from './package.ts'

type Handler = (request: Request, response: Response, surroundings: Surroundings) => Promise<void>

/** `/v1/functions/:name/packages` and `/aliases`: numbers, what points to them, what differs. */
export function packageRoutes(surroundings: Surroundings): Router {
  const { functions } = surroundings.records
  const router = Router()
  const on = (handler: Handler) => (request: Request, response: Response) =>
    handler(request, response, surroundings)
  router
    .route('/:name/packages')
    .get(async (request, response) => {
      const page = parse(numbersQuery, request.query, 'the query')
      const { name } = request.params
      response.json(await functions.packages(response.locals.tenant, name, page))
    })
    .all(otherMethods)
  router.route('/:name/packages/diff').get(on(diff)).all(otherMethods)
  router.route('/:name/packages/:number').get(on(look)).all(otherMethods)
  router.route('/:name/packages/:number/package').get(on(take)).all(otherMethods)
  router
    .route('/:name/aliases')
    .get(async (request, response) => {
      response.json(await functions.aliases(response.locals.tenant, request.params.name))
    })
    .all(otherMethods)
  router
    .route('/:name/aliases/:alias')
    .get(on(lookAlias))
    .put(on(point))
    .delete(on(dropAlias))
    .all(otherMethods)
  return router
}

async function look(request: Request, response: Response, { records }: Surroundings) {
  const { name, number } = parse(numberParameter, request.params, 'the path')
  response.json(await records.functions.package(response.locals.tenant, name, number))
}

async function take(request: Request, response: Response, { records, store }: Surroundings) {
  const { name, number } = parse(numberParameter, request.params, 'the path')
  const found = await records.functions.package(response.locals.tenant, name, number)
  const { package: stored, build } = found
  await sendStored(request, response, { stored, name, build }, store)
}

async function diff(request: Request, response: Response, { records, store }: Surroundings) {
  const { tenant } = response.locals
  const name = String(request.params.name)
  const { from, to } = parse(packagesDiffQuery, request.query, 'the query')
  const [one, other] = await Promise.all([
    records.functions.package(tenant, name, from),
    records.functions.package(tenant, name, to),
  ])
  response.json(await diffPackages(one, other, store))
}

async function lookAlias(request: Request, response: Response, { records }: Surroundings) {
  const { name, alias } = parse(aliasParameter, request.params, 'the path')
  const { number } = await records.functions.package(response.locals.tenant, name, alias)
  response.json({ alias, number })
}

/** Also how one rolls back: `current` to an older number, until the next build that succeeds. */
async function point(request: Request, response: Response, { records }: Surroundings) {
  const { name, alias } = parse(aliasParameter, request.params, 'the path')
  const { number } = parse(aliasPutSchema, request.body, 'the body')
  await records.functions.pointAlias(response.locals.tenant, name, alias, number)
  response.json({ alias, number })
}

async function dropAlias(request: Request, response: Response, { records }: Surroundings) {
  const { name, alias } = parse(aliasParameter, request.params, 'the path')
  await records.functions.dropAlias(response.locals.tenant, name, alias)
  response.json({ deleted: alias })
}
