import { once } from 'node:events'
import { PacklineError } from '@packline/shared'
import type { Request, Response } from 'express'

/** Proxies cut connections that say nothing for a minute; this is well below. */
const HEARTBEAT_MS = 15_000
/** A reader that takes nothing for this long is cut; it resumes by the id of its last event. */
const SLOW_READER_MS = 30_000

export interface ServerSentEvent {
  id: number
  event: string
  body: unknown
}

/** The number after which a reader wants to go on: `Last-Event-ID`, or `?after=` by hand. */
export function resumeAfter(request: Request): number {
  const text = request.get('last-event-id') ?? request.query.after
  if (text === undefined || text === '') return 0
  const after = Number(text)
  if (Number.isSafeInteger(after) && after >= 0) return after
  throw new PacklineError('INVALID_REQUEST', `Last-Event-ID is "${text}"; expected a whole number`)
}

/** Aborts when the reader goes away. */
export function untilClosed(response: Response): AbortSignal {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  return gone.signal
}

/**
 * Writes the events as they come and ends with them. Where there is none to come, 204: that is how
 * a browser's EventSource learns to stop asking again.
 */
export async function sendEvents(
  response: Response,
  events: AsyncIterable<ServerSentEvent>,
): Promise<void> {
  const iterator = events[Symbol.asyncIterator]()
  const heartbeat = setInterval(() => {
    if (response.headersSent && !response.writableNeedDrain) response.write(':\n\n')
  }, HEARTBEAT_MS)
  try {
    const beginning = setTimeout(() => begin(response), 100)
    let next = await iterator.next().finally(() => clearTimeout(beginning))
    if (next.done && !response.headersSent) {
      response.status(204).end()
      return
    }
    begin(response)
    while (!next.done) {
      const { id, event, body } = next.value
      const text = `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(body)}\n\n`
      if (!response.write(text)) await drained(response)
      next = await iterator.next()
    }
    response.end()
  } finally {
    clearInterval(heartbeat)
    await iterator.return?.()
  }
}

function begin(response: Response): void {
  if (response.headersSent) return
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  })
  response.flushHeaders()
}

async function drained(response: Response): Promise<void> {
  const patience = AbortSignal.timeout(SLOW_READER_MS)
  await once(response, 'drain', { signal: patience }).catch(() => response.destroy())
}
