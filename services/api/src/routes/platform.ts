import { LIMITS, RUNTIMES } from '@packline/shared'
import { Router } from 'express'
import { otherMethods } from '../problem.ts'
import type { Surroundings } from '../surroundings.ts'

/** `/v1/runtimes`, `/v1/limits`, `/v1/workers`: what the platform and this installation offer. */
export function platformRoutes({ profile, records }: Surroundings): Router {
  const router = Router()
  router
    .route('/runtimes')
    .get((_request, response) => {
      const runtimes = Object.entries(profile.runtimes).map(([name, runtime]) => ({
        name,
        ...RUNTIMES[name as keyof typeof RUNTIMES],
        ...runtime,
      }))
      response.json({ profile: profile.name, architectures: profile.architectures, runtimes })
    })
    .all(otherMethods)
  router
    .route('/limits')
    .get((_request, response) => {
      response.json({ profile: profile.name, platform: profile.limits, packline: LIMITS })
    })
    .all(otherMethods)
  router
    .route('/workers')
    .get(async (_request, response) => {
      response.json({ items: await records.listWorkers() })
    })
    .all(otherMethods)
  return router
}
