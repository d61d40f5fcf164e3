import type { RequestHandler } from 'express'

/** How long a browser may remember what it is allowed. */
const REMEMBERED_SECONDS = 600

const SENT = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Last-Event-ID',
]
const READ = [
  'Content-Disposition',
  'Content-Language',
  'ETag',
  'Idempotency-Replayed',
  'Location',
  'Retry-After',
  'X-Build-State',
  'X-Content-SHA256',
  'X-Request-Id',
]

/**
 * CORS (Fetch standard): pages of these origins may ask with a key that they have; no other page
 * may, and cookies, which there are none of, are never asked for.
 */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  return (request, response, next) => {
    if (origins.length > 0) response.vary('Origin')
    const origin = request.get('origin')
    if (origin === undefined || !origins.includes(origin)) return next()
    response.set('Access-Control-Allow-Origin', origin)
    response.set('Access-Control-Expose-Headers', READ.join(', '))
    const isAsking = request.get('access-control-request-method') !== undefined
    if (request.method !== 'OPTIONS' || !isAsking) return next()
    response.set({
      'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
      'Access-Control-Allow-Headers': SENT.join(', '),
      'Access-Control-Max-Age': String(REMEMBERED_SECONDS),
    })
    response.status(204).end()
  }
}
