import { FAILURES, PacklineError, type Problem, toFailure } from '@packline/shared'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import type { Logger } from 'pino'

/** A path that is none of ours. */
export const noSuchPath: RequestHandler = (request) => {
  throw new PacklineError('NOT_FOUND', `There is no ${request.method} ${request.path}`, {
    hint: 'GET /openapi.json lists every path.',
  })
}

/** A path of ours that does not take this method. */
export const otherMethods: RequestHandler = (request) => {
  throw new PacklineError('METHOD_NOT_ALLOWED', `${request.path} does not take ${request.method}`, {
    hint: 'GET /openapi.json lists every path with its methods.',
  })
}

/** The one place where errors become answers: problem+json (RFC 9457), blame right. */
export function answerProblem(logger: Logger): ErrorRequestHandler {
  return (thrown, request, response, _next) => {
    const error = translated(thrown)
    const problem = problemOf(error, String(response.getHeader('X-Request-Id') ?? ''))
    if (problem.status >= 500) {
      logger.error({ error, requestId: problem.requestId, path: request.path }, problem.title)
    }
    // An answer that has begun can only be cut: its reader sees that it is not whole.
    if (response.headersSent) {
      response.destroy()
      return
    }
    if (problem.status === 503) response.set('Retry-After', '2')
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
  }
}

function problemOf(error: unknown, requestId: string): Problem {
  const { code, title, detail, hint } = toFailure(error)
  const at = error instanceof PacklineError ? error.at : undefined
  const { status } = FAILURES[code]
  const type = `urn:packline:failure:${code}`
  return { type, title, status, code, detail, hint, at, requestId }
}

/** What Express and its body parser throw, in our words. */
function translated(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof PacklineError) return error
  const type = 'type' in error ? error.type : undefined
  const cause = { cause: error }
  if (type === 'entity.parse.failed') {
    return new PacklineError('INVALID_REQUEST', `The body is not JSON: ${error.message}`, cause)
  }
  if (type === 'entity.too.large') {
    return new PacklineError('BODY_TOO_LARGE', 'The body is larger than this path takes', {
      hint: 'Upload archives with POST /v1/uploads and send their ids.',
      ...cause,
    })
  }
  const status = 'status' in error ? error.status : undefined
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new PacklineError('INVALID_REQUEST', error.message, cause)
  }
  return error
}
