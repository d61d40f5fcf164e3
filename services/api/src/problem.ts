import {
  FAILURES,
  failed,
  PacklineError,
  type Problem,
  toFailure,
  withoutKeys,
  wordsInLanguage,
} from '@packline/shared'
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import { answerLanguage } from './answer-language.ts'
import { askedPath } from './asked-path.ts'
import { inOurWords } from './in-our-words.ts'
import { requestFailures } from './texts/requests.ts'

/** How long the sender of a refused body may go on sending before its connection is cut. */
const LINGER_MS = 30_000

/** An address or a path inside: where Redis or the store is, and what the system says of it. */
const NAMES_PLACE = /:\/\/|\b\d+(?:\.\d+){3}\b|\[[\da-f:]+\]|\w:\d{2,5}\b|(?:^|[\s'"(])\/\w/

/** A path that is none of ours. */
export const noSuchPath: RequestHandler = (request) => {
  throw failed('NOT_FOUND', requestFailures.noPath(request.method, askedPath(request)))
}

/** A path of ours that does not take this method; `Allow` says which it takes. */
export const otherMethods: RequestHandler = (request, response) => {
  const { methods } = request.route as { methods: Record<string, boolean> }
  const known = Object.keys(methods).filter((name) => name !== '_all')
  response.set('Allow', known.map((name) => name.toUpperCase()).join(', '))
  throw failed(
    'METHOD_NOT_ALLOWED',
    requestFailures.otherMethod(request.method, askedPath(request)),
  )
}

/** The one place where errors become answers: problem+json (RFC 9457), blame right. */
export function answerProblem(logger: Logger): ErrorRequestHandler {
  return (thrown, request, response, _next) => {
    const error = inOurWords(thrown, request)
    const problem = problemOf(error, response)
    const { requestId, status, code } = problem
    if (status >= 500) {
      // What ends with a reader who went away is told too, but is nobody's fault.
      const level = response.destroyed ? 'debug' : status === 503 ? 'warn' : 'error'
      logger[level]({ error, requestId, path: withoutKeys(request.path) }, FAILURES[code].title)
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

/** The body of an answer. Where our own services are is not told outside: the log has it. */
export function problemOf(error: unknown, response: Response): Problem {
  const failure = toFailure(error)
  const { code } = failure
  const language = response.headersSent ? 'en' : answerLanguage(response.req, response)
  const { title, detail: said, hint } = wordsInLanguage(failure, language)
  const { at, current } = error instanceof PacklineError ? error : {}
  const { status } = FAILURES[code]
  const detail = status >= 500 && NAMES_PLACE.test(said) ? title : said
  const type = `urn:packline:failure:${code}`
  const requestId = String(response.getHeader('X-Request-Id') ?? '')
  return { type, title, status, code, detail, hint, at, current, requestId }
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
