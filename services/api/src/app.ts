import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { NOTIFY_QUEUE, type Queues } from '@packline/records'
import { EXPAND_QUEUE, LIMITS, queueOf, RUNTIME_NAMES } from '@packline/shared'
import express, { type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import { authenticate, type KeyRing, withOperator } from './authenticate.ts'
import { isNdjson } from './body-lines.ts'
import { allowOrigins } from './callers/allow-origins.ts'
import { endWithKey } from './callers/end-with-key.ts'
import { limitRequests } from './callers/limit-requests.ts'
import { logRequests } from './callers/log-requests.ts'
import { forOperators, needScopes } from './callers/need-scopes.ts'
import { noteAudit } from './callers/note-audit.ts'
import { oncePerKey } from './idempotency.ts'
import { DESCRIPTIONS, openApi } from './openapi.ts'
import { answerProblem, noSuchPath, otherMethods } from './problem.ts'
import { refuseManyValues } from './refuse-many-values.ts'
import { refuseUnknownQuery } from './refuse-unknown-query.ts'
import { batchRoutes } from './routes/batches.ts'
import { buildRoutes } from './routes/builds.ts'
import { credentialRoutes } from './routes/credentials.ts'
import { dependencyRoutes } from './routes/dependencies.ts'
import { docsRoutes } from './routes/docs.ts'
import { fileContentRoutes } from './routes/file-content.ts'
import { fileRoutes } from './routes/files.ts'
import { functionRoutes } from './routes/functions.ts'
import { healthRoutes } from './routes/health.ts'
import { hookRoutes } from './routes/hooks.ts'
import { auditRoutes, keyRoutes, ownKeyRoutes } from './routes/keys.ts'
import { packageRoutes } from './routes/packages.ts'
import { platformRoutes } from './routes/platform.ts'
import { queueBoard } from './routes/queues.ts'
import { receiveRoutes } from './routes/receive.ts'
import { rulePageRoutes } from './routes/rule-pages.ts'
import { templateRoutes } from './routes/templates.ts'
import { uploadRoutes } from './routes/uploads.ts'
import { SECURITY } from './security-headers.ts'
import type { Surroundings } from './surroundings.ts'

const BOARD = '/admin/queues'

/** One request: its inline files, each character of them escaped, and the rest. */
const BUILD_BYTES_MAX = 2 * LIMITS.inlineBytesMax + 1024 * 1024

const CREDENTIAL_BYTES_MAX = 256 * 1024
const KEY_BYTES_MAX = 16 * 1024

/** The whole API: open are health, its description and where hooks are told; all else has a key. */
export function makeApp(surroundings: Surroundings, ring: KeyRing, queues: Queues): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('query parser', 'simple')
  app.use(helmet(SECURITY))
  app.use((_request, response, next) => {
    response.set('X-Request-Id', randomUUID())
    next()
  })
  app.use(healthRoutes(surroundings))
  app.use(logRequests(surroundings.logger))
  app.use(['/v1', '/openapi.json'], allowOrigins(surroundings.corsOrigins ?? []))
  app
    .route('/openapi.json')
    .get((_request, response) => {
      response.json(openApi())
    })
    .all(otherMethods)
  app.use('/docs', docsRoutes(), rulePageRoutes())
  const { records } = surroundings
  const board = queueBoard({ queues, names: queueNames(surroundings), path: BOARD, records })
  app.use(BOARD, ...ofOperators(surroundings, ring), board)
  app.use('/hooks', receiveRoutes(surroundings))
  app.use('/v1', authenticate(ring), ofCallers(surroundings))
  app.use('/v1', refuseUnknownQuery(DESCRIPTIONS), oncePerKey(records))
  // Before the JSON parser: an archive's bytes are streamed, whatever their content type says.
  app.use('/v1/uploads', uploadRoutes(surroundings))
  app.use('/v1/batches', json(LIMITS.requestBodyBytesMax, isNdjson), batchRoutes(surroundings))
  app.use('/v1/functions', fileContentRoutes(surroundings))
  const ofFunctions = [functionRoutes, fileRoutes, packageRoutes].map((make) => make(surroundings))
  app.use('/v1/functions', json(BUILD_BYTES_MAX), ofFunctions)
  app.use('/v1/templates', templateRoutes(surroundings))
  app.use('/v1/builds', json(BUILD_BYTES_MAX), buildRoutes(surroundings))
  app.use('/v1/credentials', json(CREDENTIAL_BYTES_MAX), credentialRoutes(surroundings))
  app.use('/v1/dependencies', json(BUILD_BYTES_MAX), dependencyRoutes(surroundings))
  app.use('/v1/hooks', json(BUILD_BYTES_MAX), hookRoutes(surroundings))
  app.use('/v1/keys', json(KEY_BYTES_MAX), keyRoutes(surroundings))
  app.use('/v1/key', ownKeyRoutes())
  app.use('/v1/audit', auditRoutes(surroundings))
  app.use('/v1', platformRoutes(surroundings))
  app.use(noSuchPath)
  app.use(answerProblem(surroundings.logger))
  return app
}

/** Other keys are told that theirs is not the one; all are counted. */
function ofOperators(
  { operatorKey, records, limits }: Surroundings,
  ring: KeyRing,
): RequestHandler[] {
  const known = withOperator(ring, operatorKey)
  return [authenticate(known, { basic: true }), limitRequests(records, limits), forOperators]
}

/** What holds for each key: how much it asks for, what it may do, that it ends, what is noted. */
function ofCallers({ records, limits, logger }: Surroundings): RequestHandler[] {
  return [
    limitRequests(records, limits),
    ...needScopes(DESCRIPTIONS),
    endWithKey(records.apiKeys),
    noteAudit(DESCRIPTIONS, { audit: records.audit, logger }),
  ]
}

/** Every body is JSON, whatever its type says; compressed ones would have to be inflated first. */
function json(limit: number, isOther: (request: IncomingMessage) => boolean = () => false) {
  return express.json({
    limit,
    type: (request) => !['GET', 'HEAD'].includes(request.method ?? '') && !isOther(request),
    inflate: false,
    verify: (_request, _response, body) => refuseManyValues(body),
  })
}

function queueNames({ profile }: Surroundings): string[] {
  const names = RUNTIME_NAMES.flatMap((runtime) =>
    (profile.runtimes[runtime]?.versions ?? []).map(({ version }) => queueOf(runtime, version)),
  )
  return [...new Set(names), NOTIFY_QUEUE, EXPAND_QUEUE]
}
