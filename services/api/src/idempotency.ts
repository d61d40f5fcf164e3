import { createHash } from 'node:crypto'
import type { AcceptOptions, AcceptResult, Records } from '@packline/records'
import { failed } from '@packline/shared'
import type { Request, RequestHandler, Response } from 'express'
import { requestFailures } from './texts/requests.ts'

/**
 * While a request with a key is worked on, another with the same key is answered 409
 * (draft-ietf-httpapi-idempotency-key-header, 2.6), whatever it asks for: first this one's answer
 * has to be known. Holds for every POST; who creates nothing takes no harm.
 */
export function oncePerKey(records: Pick<Records, 'holdIdempotency'>): RequestHandler {
  return async (request, response, next) => {
    const key = request.method === 'POST' ? keyOf(request) : undefined
    if (key !== undefined) {
      const letGo = await records.holdIdempotency(response.locals.tenant, key)
      beforeEnd(response, letGo)
    }
    next()
  }
}

/**
 * Whoever has the answer may send the next request: the key is let go before. Where the caller has
 * gone the work goes on, and with it the hold, until it is answered to nobody.
 */
function beforeEnd(response: Response, letGo: () => Promise<void>): void {
  const end = response.end.bind(response) as (...values: unknown[]) => Response
  const destroy = response.destroy.bind(response)
  response.end = (...values: unknown[]) => {
    void letGo().then(() => end(...values))
    return response
  }
  response.destroy = (error) => {
    void letGo()
    return destroy(error)
  }
}

/**
 * The request's `Idempotency-Key` with a digest of what it asks for; undefined without one. `asked`
 * is the parsed body: what was sent may be nested deeper than JSON can be written.
 */
export function idempotencyOf(
  request: Pick<Request, 'get' | 'method' | 'baseUrl' | 'path'>,
  asked?: unknown,
): AcceptOptions['idempotency'] {
  const key = keyOf(request)
  if (key === undefined) return undefined
  const text = `${request.method} ${request.baseUrl}${request.path}\n${JSON.stringify(asked)}`
  return { key, fingerprint: createHash('sha256').update(text).digest('hex') }
}

function keyOf(request: Pick<Request, 'get'>): string | undefined {
  const key = request.get('idempotency-key')
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key
  const words = requestFailures.idempotencyKey(key.length)
  throw failed('INVALID_REQUEST', words, { at: 'Idempotency-Key' })
}

type Work = (idempotency: AcceptOptions['idempotency']) => Promise<AcceptResult>

/**
 * What an earlier request with the same key was answered, else what `work` makes and keeps with the
 * key. Looked for before anything that the request names, which may be gone by now; `oncePerKey`
 * holds others with the key out meanwhile.
 */
export async function madeOnce(
  request: Parameters<typeof idempotencyOf>[0],
  response: Response,
  asked: unknown,
  { records }: { records: Pick<Records, 'checkIdempotency'> },
  work: Work,
): Promise<AcceptResult> {
  const idempotency = idempotencyOf(request, asked)
  const earlier = await records.checkIdempotency(response.locals.tenant, idempotency)
  const made = earlier ?? (await work(idempotency))
  if (made.replayed) response.set('Idempotency-Replayed', 'true')
  return made
}
