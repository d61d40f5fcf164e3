import { checkToldAt } from '@packline/intake'
import {
  deliveryInLanguage,
  type HookMade,
  hookChangesSchema,
  hookRequestSchema,
  hooksQuery,
  parse,
} from '@packline/shared'
import { Router } from 'express'
import { answerLanguage } from '../answer-language.ts'
import { madeOnce } from '../idempotency.ts'
import { otherMethods } from '../problem.ts'
import type { Surroundings } from '../surroundings.ts'

/** `/v1/hooks`: bindings of repositories to functions, and what they were told. */
export function hookRoutes(surroundings: Surroundings): Router {
  const { records, checkAddress } = surroundings
  const { hooks } = records
  const checked = <T extends { status?: { api?: string } | null }>(asked: T): T => {
    checkToldAt(asked.status?.api, 'status.api', checkAddress)
    return asked
  }
  const router = Router()
  router
    .route('/')
    .get(async (request, response) => {
      const page = parse(hooksQuery, request.query, 'the query')
      response.json(await hooks.list(response.locals.tenant, page))
    })
    .post(async (request, response) => {
      const asked = checked(parse(hookRequestSchema, request.body, 'the body'))
      const { tenant } = response.locals
      const { answer } = await madeOnce(request, response, asked, surroundings, async (key) => {
        return { ids: [], answer: await hooks.create(tenant, asked, key), replayed: false }
      })
      const made = answer as HookMade
      response.status(201).location(`/v1/hooks/${made.id}`).json(made)
    })
    .all(otherMethods)
  router
    .route('/:id')
    .get(async (request, response) => {
      response.json(await hooks.get(response.locals.tenant, request.params.id))
    })
    .patch(async (request, response) => {
      const changes = checked(parse(hookChangesSchema, request.body, 'the body'))
      response.json(await hooks.update(response.locals.tenant, request.params.id, changes))
    })
    .delete(async (request, response) => {
      await hooks.remove(response.locals.tenant, request.params.id)
      response.json({ removed: 1 })
    })
    .all(otherMethods)
  router
    .route('/:id/deliveries')
    .get(async (request, response) => {
      const { tenant } = response.locals
      const items = await hooks.deliveries(tenant, request.params.id)
      const language = answerLanguage(request, response)
      response.json({ items: items.map((delivery) => deliveryInLanguage(delivery, language)) })
    })
    .all(otherMethods)
  router
    .route('/:id/deliveries/:delivery/redeliver')
    .post(async (request, response) => {
      const { tenant } = response.locals
      const { id, delivery } = request.params
      const { answer } = await madeOnce(request, response, {}, surroundings, async (key) => {
        const receipt = await hooks.redeliver(tenant, id, delivery)
        if (key) await records.keepAnswer(tenant, key, receipt)
        return { ids: [], answer: receipt, replayed: false }
      })
      response.json(answer)
    })
    .all(otherMethods)
  return router
}
