import { createHash } from 'node:crypto'
import type { AcceptOptions } from '@packline/records'
import { PacklineError } from '@packline/shared'
import type { Request } from 'express'

/** The request's `Idempotency-Key` with a digest of what it asks for; undefined without one. */
export function idempotencyOf(request: Request): AcceptOptions['idempotency'] {
  const key = request.get('idempotency-key')
  if (key === undefined) return undefined
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new PacklineError(
      'INVALID_REQUEST',
      'Idempotency-Key must have 1 to 255 visible ASCII characters',
    )
  }
  const asked = `${request.method} ${request.baseUrl}${request.path}\n${JSON.stringify(request.body)}`
  return { key, fingerprint: createHash('sha256').update(asked).digest('hex') }
}
