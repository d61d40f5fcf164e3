import { createServer, type RequestListener, type Server } from 'node:http'
import { answerUnreadable } from './answer-unreadable.ts'

/** How long a caller may take; what is slower is answered 408 and cut. */
export interface Patience {
  headersMs: number
  /** A whole request with its body: an upload over a slow line takes its time. */
  requestMs: number
  /** Between two looks for who is too slow. */
  lookMs: number
}

const PATIENCE: Patience = { headersMs: 20_000, requestMs: 10 * 60_000, lookMs: 5000 }

/** Longer than clients and proxies keep one: they would ask on a connection that just ends. */
const KEEP_ALIVE_MS = 75_000

export function makeServer(listener: RequestListener, patience: Patience = PATIENCE): Server {
  const { headersMs, requestMs, lookMs } = patience
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: lookMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    listener,
  )
  return server.on('clientError', answerUnreadable)
}
