import { FAILURES, PacklineError, type Problem, toFailure } from '@packline/shared'
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import { inOurWords } from './in-our-words.ts'

/** How long the sender of a refused body may go on sending before its connection is cut. */
const LINGER_MS = 30_000

/** A path that is none of ours. */
export const noSuchPath: RequestHandler = (request) => {
  throw new PacklineError('NOT_FOUND', `There is no ${request.method} ${request.path}`, {
    hint: 'GET /openapi.json lists every path.',
  })
}

/** A path of ours that does not take this method; `Allow` says which it takes. */
export const otherMethods: RequestHandler = (request, response) => {
  const { methods } = request.route as { methods: Record<string, boolean> }
  const known = Object.keys(methods).filter((name) => name !== '_all')
  response.set('Allow', known.map((name) => name.toUpperCase()).join(', '))
  throw new PacklineError('METHOD_NOT_ALLOWED', `${request.path} does not take ${request.method}`, {
    hint: 'GET /openapi.json lists every path with its methods.',
  })
}

/** The one place where errors become answers: problem+json (RFC 9457), blame right. */
export function answerProblem(logger: Logger): ErrorRequestHandler {
  return (thrown, request, response, _next) => {
    const error = inOurWords(thrown, request)
    const problem = problemOf(error, response)
    const { requestId, status, title } = problem
    if (status >= 500) {
      // What ends with a reader who went away is told too, but is nobody's fault.
      const level = response.destroyed ? 'debug' : status === 503 ? 'warn' : 'error'
      logger[level]({ error, requestId, path: request.path }, title)
    }
    // An answer that has begun can only be cut: its reader sees that it is not whole.
    if (response.headersSent || response.destroyed) {
      response.destroy()
      return
    }
    letSend(request, response)
    sendProblem(response, problem)
  }
}

/** The body of an answer; `more` are members of this problem alone. */
export function problemOf(error: unknown, response: Response): Problem {
  const { code, title, detail, hint } = toFailure(error)
  const at = error instanceof PacklineError ? error.at : undefined
  const { status } = FAILURES[code]
  const type = `urn:packline:failure:${code}`
  const requestId = String(response.getHeader('X-Request-Id') ?? '')
  return { type, title, status, code, detail, hint, at, requestId }
}

export function sendProblem(response: Response, problem: Problem): void {
  if (problem.status === 503) response.set('Retry-After', '2')
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

/**
 * Many senders read an answer only when they have sent all: what is left of a refused body is
 * thrown away for a while, as a connection that is cut at once would take the answer with it.
 */
function letSend(request: Request, response: Response): void {
  if (request.complete) return
  request.resume()
  response.once('finish', () => {
    const cut = setTimeout(() => request.socket.destroy(), LINGER_MS).unref()
    request.once('close', () => clearTimeout(cut)).once('end', () => clearTimeout(cut))
  })
}
