import { randomUUID } from 'node:crypto'
import type { Queues } from '@packline/records'
import { LIMITS, queueOf, RUNTIME_NAMES } from '@packline/shared'
import express, { type Express } from 'express'
import helmet from 'helmet'
import { authenticate, type KeyRing } from './authenticate.ts'
import { openApi } from './openapi.ts'
import { answerProblem, noSuchPath, otherMethods } from './problem.ts'
import { refuseManyValues } from './refuse-many-values.ts'
import { batchRoutes } from './routes/batches.ts'
import { buildRoutes } from './routes/builds.ts'
import { dependencyRoutes } from './routes/dependencies.ts'
import { healthRoutes } from './routes/health.ts'
import { platformRoutes } from './routes/platform.ts'
import { queueBoard } from './routes/queues.ts'
import { uploadRoutes } from './routes/uploads.ts'
import type { Surroundings } from './surroundings.ts'

const BOARD = '/admin/queues'

/** One request: its inline files, each character of them escaped, and the rest. */
const BUILD_BYTES_MAX = 2 * LIMITS.inlineBytesMax + 1024 * 1024

/** The whole API: open to all are health and its own description, the rest stands behind a key. */
export function makeApp(surroundings: Surroundings, ring: KeyRing, queues: Queues): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('query parser', 'simple')
  // Whoever puts TLS in front of us may demand it; we may be reached over plain http, too.
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }))
  app.use((_request, response, next) => {
    response.set('X-Request-Id', randomUUID())
    next()
  })
  app.use(healthRoutes(surroundings))
  app
    .route('/openapi.json')
    .get((_request, response) => {
      response.json(openApi())
    })
    .all(otherMethods)
  const { records } = surroundings
  const board = queueBoard({ queues, names: queueNames(surroundings), path: BOARD, records })
  app.use(BOARD, authenticate(ring, { basic: true }), board)
  app.use('/v1', authenticate(ring))
  // Before the JSON parser: an archive's bytes are streamed, whatever their content type says.
  app.use('/v1/uploads', uploadRoutes(surroundings))
  app.use('/v1/batches', json(LIMITS.requestBodyBytesMax), batchRoutes(surroundings))
  app.use('/v1/builds', json(BUILD_BYTES_MAX), buildRoutes(surroundings))
  app.use('/v1/dependencies', json(BUILD_BYTES_MAX), dependencyRoutes(surroundings))
  app.use('/v1', platformRoutes(surroundings))
  app.use(noSuchPath)
  app.use(answerProblem(surroundings.logger))
  return app
}

/** Every body is JSON, whatever its type says; compressed ones would have to be inflated first. */
function json(limit: number) {
  return express.json({
    limit,
    type: () => true,
    inflate: false,
    verify: (_request, _response, body) => refuseManyValues(body),
  })
}

function queueNames({ profile }: Surroundings): string[] {
  const names = RUNTIME_NAMES.flatMap((runtime) =>
    (profile.runtimes[runtime]?.versions ?? []).map(({ version }) => queueOf(runtime, version)),
  )
  return [...new Set(names)]
}
