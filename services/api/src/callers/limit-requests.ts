import type { Records, RequestLimits } from '@packline/records'
import { failed } from '@packline/shared'
import type { RequestHandler } from 'express'
import { requestFailures } from '../texts/requests.ts'

/** Each key may ask so often in a minute, and have so many requests open, over all processes. */
export function limitRequests(
  { admit }: Pick<Records, 'admit'>,
  limits: RequestLimits,
): RequestHandler {
  return async (_request, response, next) => {
    const admission = await admit(response.locals.caller.id, limits)
    if ('letGo' in admission) {
      if (response.destroyed) admission.letGo()
      else response.once('close', admission.letGo)
      return next()
    }
    const { refused, retryAfterSeconds } = admission
    response.set('Retry-After', String(retryAfterSeconds))
    const { tooMany, tooManyOpen } = requestFailures
    const words = refused === 'rate' ? tooMany(limits.perMinute) : tooManyOpen(limits.atOnce)
    throw failed('TOO_MANY_REQUESTS', words)
  }
}
