import { credentialNameSchema, credentialSchema, parse } from '@packline/shared'
import { Router } from 'express'
import { otherMethods } from '../problem.ts'
import type { Surroundings } from '../surroundings.ts'

/** `/v1/credentials`: written, listed and deleted, never shown. */
export function credentialRoutes({ records: { credentials } }: Surroundings): Router {
  const router = Router()
  router
    .route('/')
    .get(async (_request, response) => {
      response.json({ items: await credentials.list(response.locals.tenant) })
    })
    .all(otherMethods)
  router
    .route('/:name')
    .put(async (request, response) => {
      const name = parse(credentialNameSchema, request.params.name, 'the name')
      const credential = parse(credentialSchema, request.body, 'the body')
      response.json(await credentials.put(response.locals.tenant, name, credential))
    })
    .delete(async (request, response) => {
      await credentials.remove(response.locals.tenant, request.params.name)
      response.json({ removed: 1 })
    })
    .all(otherMethods)
  return router
}
