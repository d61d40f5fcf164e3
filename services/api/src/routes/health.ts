import { Router } from 'express'
import { otherMethods, problemOf, sendProblem } from '../problem.ts'
import type { Surroundings } from '../surroundings.ts'

/** `/healthz`: the process lives. `/readyz`: Redis and the store answer, else 503, within 2 s. */
export function healthRoutes({ records, store }: Surroundings): Router {
  const router = Router()
  router
    .route('/healthz')
    .get((_request, response) => {
      response.json({ status: 'ok' })
    })
    .all(otherMethods)
  router
    .route('/readyz')
    .get(async (_request, response) => {
      const [redis, objects] = await Promise.all([
        fault(records.listWorkers()),
        fault(store.ping()),
      ])
      const failed = redis ?? objects
      if (!failed) {
        response.json({ ready: true, redis: 'ok', store: 'ok' })
        return
      }
      const problem = problemOf(failed, response)
      const words = { ready: false, redis: redis ? 'away' : 'ok', store: objects ? 'away' : 'ok' }
      sendProblem(response, { ...problem, ...words })
    })
    .all(otherMethods)
  return router
}

async function fault(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
    return undefined
  } catch (error) {
    return error
  }
}
