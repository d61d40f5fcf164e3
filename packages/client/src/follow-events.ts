import { setTimeout as wait } from 'node:timers/promises'
import { PacklineError } from '@packline/shared'
import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream'
import type { Connection } from './connection.ts'

const AGAIN_MS_MIN = 200
const AGAIN_MS_MAX = 5000
/** A stream that brings nothing new this many times in a row is given up. */
const TRIES_MAX = 30

/** Events by server-sent events from the first one on; a cut is mended by the id of the last. */
export async function* followEvents<T>(
  server: Connection,
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<T> {
  let last = ''
  for (let tries = 0; ; tries++) {
    try {
      for await (const message of await open(server, path, last, signal)) {
        tries = 0
        last = message.id ?? last
        yield JSON.parse(message.data) as T
      }
      // The server ends a stream only after the last event.
      return
    } catch (error) {
      signal?.throwIfAborted()
      if (!isCut(error) || tries >= TRIES_MAX) throw error
      await wait(Math.min(AGAIN_MS_MIN * 2 ** tries, AGAIN_MS_MAX), undefined, { signal })
    }
  }
}

async function open(server: Connection, path: string, last: string, signal?: AbortSignal) {
  const headers = { accept: 'text/event-stream', ...(last && { 'last-event-id': last }) }
  const answer = await server.ask(path, { headers, signal })
  const bytes = ReadableStream.from<Uint8Array>(answer.body)
  const text = bytes.pipeThrough(
    new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>,
  )
  return text.pipeThrough(new EventSourceParserStream()) as ReadableStream<EventSourceMessage>
}

/** Whether the stream may go on when asked again; a refusal stays one. */
function isCut(error: unknown): boolean {
  if (!(error instanceof PacklineError)) return true
  return ['SERVER_UNREACHABLE', 'RECORDS_UNAVAILABLE', 'STORE_UNAVAILABLE'].includes(error.code)
}
