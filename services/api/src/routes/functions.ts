import {
  buildRequestSchema,
  functionBuildSchema,
  functionNameSchema,
  functionPutSchema,
  namesQuery,
  parse,
  requestOf,
  resolveSettings,
} from '@packline/shared'
import { type Request, type Response, Router } from 'express'
import { checkTemplate, putTemplate } from '../draft/first-files.ts'
import { otherMethods } from '../problem.ts'
import type { Surroundings } from '../surroundings.ts'
import { acceptOne } from './builds.ts'

/** `/v1/functions`: register, list, look, build, delete. */
export function functionRoutes(surroundings: Surroundings): Router {
  const { functions } = surroundings.records
  const router = Router()
  const on = (handler: Handler) => (request: Request<{ name: string }>, response: Response) =>
    handler(request, response, surroundings)
  router
    .route('/')
    .get(async (request, response) => {
      const page = parse(namesQuery, request.query, 'the query')
      response.json(await functions.list(response.locals.tenant, page))
    })
    .all(otherMethods)
  router
    .route('/:name')
    .get(async (request, response) => {
      response.json(await functions.get(response.locals.tenant, request.params.name))
    })
    .put(on(put))
    .delete(async (request, response) => {
      await functions.drop(response.locals.tenant, request.params.name)
      response.json({ deleted: request.params.name })
    })
    .all(otherMethods)
  router.route('/:name/builds').post(on(build)).all(otherMethods)
  return router
}

type Handler = (
  request: Request<{ name: string }>,
  response: Response,
  surroundings: Surroundings,
) => Promise<void>

/** Says the whole function anew; what it does not say is not set any more. */
async function put(
  request: Request<{ name: string }>,
  response: Response,
  surroundings: Surroundings,
) {
  const { tenant } = response.locals
  const { records, profile } = surroundings
  const name = parse(functionNameSchema, request.params.name, 'the name')
  const { template, ...asked } = parse(functionPutSchema, request.body, 'the body')
  const settings = resolveSettings(name, asked, profile)
  if (template) checkTemplate(settings, profile)
  const done = await records.functions.put(tenant, name, settings)
  if (template) await putTemplate({ tenant, name }, settings, surroundings)
  response
    .status(done === 'created' ? 201 : 200)
    .location(`/v1/functions/${name}`)
    .json(await records.functions.get(tenant, name))
}

/** With the function's own settings; of its draft unless the body names another source. */
async function build(
  request: Request<{ name: string }>,
  response: Response,
  surroundings: Surroundings,
) {
  const { name } = request.params
  const asked = parse(functionBuildSchema, request.body ?? {}, 'the body')
  const settings = await surroundings.records.functions.settings(response.locals.tenant, name)
  const parsed = parse(buildRequestSchema, requestOf(name, settings, asked), 'the function')
  await acceptOne(parsed, request, response, surroundings)
}
