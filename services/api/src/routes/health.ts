import { toFailure } from '@packline/shared'
import { Router } from 'express'
import type { Surroundings } from '../surroundings.ts'

/** `/healthz`: the process lives. `/readyz`: Redis and the store answer, within 2 s. */
export function healthRoutes({ records, store }: Surroundings): Router {
  const router = Router()
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' })
  })
  router.get('/readyz', async (_request, response) => {
    const [redis, objects] = await Promise.all([asked(records.listWorkers()), asked(store.ping())])
    const ready = redis === 'ok' && objects === 'ok'
    response.status(ready ? 200 : 503).json({ ready, redis, store: objects })
  })
  return router
}

async function asked(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'ok'
  } catch (error) {
    return toFailure(error).detail
  }
}
