import { failed } from '@packline/shared'
import type { Request, Response } from 'express'
import { pacedWrite, untilClosed } from './paced-write.ts'
import { requestFailures } from './texts/requests.ts'

/** Proxies cut connections that say nothing for a minute; this is well below. */
const HEARTBEAT_MS = 15_000
/** The answer begins this late at most, so that a reader knows it is heard. */
const BEGIN_MS = 100

export interface ServerSentEvent {
  id: number
  event: string
  body: unknown
}

interface Manner {
  /** Cuts the stream where the service stops; its reader resumes elsewhere. */
  stopping: AbortSignal
  heartbeatMs?: number
  /**
   * The first event may be long in coming: the answer begins without it. Of what has ended the
   * first read tells whether there is an answer at all, and it is waited for.
   */
  mayWait: boolean
  /** How long a reader may take nothing. */
  patienceMs?: number
}

/** The number after which a reader wants to go on: `Last-Event-ID`, or `?after=` by hand. */
export function resumeAfter(request: Request): number {
  const text = request.get('last-event-id') ?? request.query.after
  if (text === undefined || text === '') return 0
  const after = typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined
  if (after !== undefined) return after
  const found = JSON.stringify(text).slice(0, 80)
  throw failed('INVALID_REQUEST', requestFailures.lastEventId(found), { at: 'Last-Event-ID' })
}

/**
 * Writes the events as they come and ends with them. Where there is none to come, 204: that is how
 * a browser's EventSource learns to stop asking again.
 */
export async function sendEvents(
  response: Response,
  watch: (gone: AbortSignal) => AsyncIterable<ServerSentEvent>,
  { stopping, heartbeatMs = HEARTBEAT_MS, mayWait, patienceMs }: Manner,
): Promise<void> {
  if (response.req.method === 'HEAD') {
    begin(response)
    response.end()
    return
  }
  const iterator = watch(untilClosed(response))[Symbol.asyncIterator]()
  const cut = () => response.destroy()
  stopping.addEventListener('abort', cut, { once: true })
  const heartbeat = setInterval(() => {
    if (response.headersSent && !response.writableNeedDrain) response.write(':\n\n')
  }, heartbeatMs)
  const beginning = mayWait ? setTimeout(() => begin(response), BEGIN_MS) : undefined
  try {
    let next = await iterator.next()
    clearTimeout(beginning)
    if (next.done && !response.headersSent) {
      response.status(204).end()
      return
    }
    begin(response)
    for (; !next.done; next = await iterator.next()) {
      await pacedWrite(response, asText(next.value), patienceMs)
    }
    response.end()
  } finally {
    clearTimeout(beginning)
    clearInterval(heartbeat)
    stopping.removeEventListener('abort', cut)
    await iterator.return?.()
  }
}

function asText({ id, event, body }: ServerSentEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(body)}\n\n`
}

function begin(response: Response): void {
  if (response.headersSent || response.destroyed) return
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  })
  response.flushHeaders()
}
