import {
  auditQuery,
  type KeyMade,
  keyRequestSchema,
  keysQuery,
  type OwnKey,
  parse,
} from '@packline/shared'
import { Router } from 'express'
import { madeOnce } from '../idempotency.ts'
import { otherMethods } from '../problem.ts'
import type { Surroundings } from '../surroundings.ts'

/** `/v1/keys`: made and shown once, listed, revoked. */
export function keyRoutes(surroundings: Surroundings): Router {
  const { apiKeys } = surroundings.records
  const router = Router()
  router
    .route('/')
    .get(async (request, response) => {
      const page = parse(keysQuery, request.query, 'the query')
      response.json(await apiKeys.list(response.locals.tenant, page))
    })
    .post(async (request, response) => {
      const asked = parse(keyRequestSchema, request.body, 'the body')
      const { tenant, caller } = response.locals
      const { answer } = await madeOnce(request, response, asked, surroundings, async (once) => {
        const made = await apiKeys.create(tenant, asked, caller.id, once)
        return { ids: [], answer: made, replayed: false }
      })
      const made = answer as KeyMade
      response.status(201).location(`/v1/keys/${made.id}`).json(made)
    })
    .all(otherMethods)
  router
    .route('/:id')
    .delete(async (request, response) => {
      await apiKeys.revoke(response.locals.tenant, request.params.id)
      response.json({ removed: 1 })
    })
    .all(otherMethods)
  return router
}

/** `/v1/key`: the one that the request is made with. */
export function ownKeyRoutes(): Router {
  const router = Router()
  router
    .route('/')
    .get((_request, response) => {
      const { id, name, scope, tenant, expiresAt } = response.locals.caller
      const own: OwnKey = { id, name, scope, tenant, ...(expiresAt && { expiresAt }) }
      response.json(own)
    })
    .all(otherMethods)
  return router
}

/** `/v1/audit`: who did what, newest first. */
export function auditRoutes({ records: { audit } }: Surroundings): Router {
  const router = Router()
  router
    .route('/')
    .get(async (request, response) => {
      const { cursor, limit, ...filter } = parse(auditQuery, request.query, 'the query')
      response.json(await audit.list(response.locals.tenant, filter, { cursor, limit }))
    })
    .all(otherMethods)
  return router
}
