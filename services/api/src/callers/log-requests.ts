import { withoutKeys } from '@packline/shared'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'

/** A line for each request when it is over; never what was sent with it, nor a query. */
export function logRequests(logger: Pick<Logger, 'info'>): RequestHandler {
  return (request, response, next) => {
    const begun = performance.now()
    const [path = ''] = request.originalUrl.split('?')
    response.once('close', () => {
      const { caller } = response.locals as { caller?: { id: string; tenant: string } }
      const line = {
        requestId: response.getHeader('X-Request-Id'),
        method: request.method,
        path: withoutKeys(path),
        status: response.statusCode,
        // A reader that went away, or was cut, has not all of it.
        cut: response.writableFinished ? undefined : true,
        ms: Math.round(performance.now() - begun),
        tenant: caller?.tenant,
        key: caller?.id,
      }
      logger.info(line, 'answered')
    })
    next()
  }
}
