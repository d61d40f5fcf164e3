import type { ApiKeys } from '@packline/records'
import type { RequestHandler } from 'express'

/**
 * What is being sent when its key is revoked or expires is cut: streams of events, and downloads.
 * What changes something is answered: a key may revoke itself.
 */
export function endWithKey(keys: Pick<ApiKeys, 'hold'>): RequestHandler {
  return ({ method }, response, next) => {
    const { caller } = response.locals
    if (caller.kind === 'made' && method === 'GET' && !response.destroyed) {
      response.once(
        'close',
        keys.hold(caller, () => response.destroy()),
      )
    }
    next()
  }
}
