import { createHash } from 'node:crypto'
import type { AcceptOptions, AcceptResult } from '@packline/records'
import { PacklineError } from '@packline/shared'
import type { Request, Response } from 'express'

/**
 * The request's `Idempotency-Key` with a digest of what it asks for; undefined without one. `asked`
 * is the parsed body: what was sent may be nested deeper than JSON can be written.
 */
export function idempotencyOf(request: Request, asked?: unknown): AcceptOptions['idempotency'] {
  const key = request.get('idempotency-key')
  if (key === undefined) return undefined
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new PacklineError(
      'INVALID_REQUEST',
      `Idempotency-Key has ${key.length} characters; expected 1 to 255 visible ASCII ones`,
      { at: 'Idempotency-Key', hint: 'A random UUID for each request will do.' },
    )
  }
  const text = `${request.method} ${request.baseUrl}${request.path}\n${JSON.stringify(asked)}`
  return { key, fingerprint: createHash('sha256').update(text).digest('hex') }
}

/** Tells the caller that an earlier request with the same key made what is answered. */
export function tellReplayed(response: Response, { replayed }: AcceptResult): void {
  if (replayed) response.set('Idempotency-Replayed', 'true')
}
