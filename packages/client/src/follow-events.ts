import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { type FailureCode, PacklineError } from '@packline/shared'
import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream'
import type { Connection } from './connection.ts'

const AGAIN_MS_MIN = 200
const AGAIN_MS_MAX = 5000
/** Also one too many: streams that a server took with it when it died are counted for a while. */
const AGAIN: ReadonlySet<FailureCode> = new Set([
  'SERVER_UNREACHABLE',
  'RECORDS_UNAVAILABLE',
  'STORE_UNAVAILABLE',
  'TOO_MANY_REQUESTS',
])
/** A stream that brings nothing new this many times in a row is given up. */
const TRIES_MAX = 30

/**
 * Events by server-sent events from the first one on, to the one that `isLast` tells; a cut is
 * mended by the id of the last that came. `path` is below the connection's server.
 */
export async function* followEvents<T>(
  server: Connection,
  path: string,
  isLast: (event: T) => boolean,
  signal?: AbortSignal,
): AsyncGenerator<T> {
  let after = ''
  let isOver = false
  for (let tries = 0; !isOver; tries++) {
    let stream: Readable | undefined
    try {
      stream = await open(server, path, after, signal)
      // There is nothing after the last event that came.
      if (!stream) return
      for await (const message of messagesOf(stream)) {
        const event = parse<T>(message)
        tries = 0
        after = message.id ?? after
        isOver = isLast(event)
        yield event
      }
      if (!isOver)
        throw new PacklineError('SERVER_UNREACHABLE', 'The stream ended before its last event')
    } catch (error) {
      signal?.throwIfAborted()
      if (isOver) return
      if (!isCut(error) || tries >= TRIES_MAX) throw error
      await wait(Math.min(AGAIN_MS_MIN * 2 ** tries, AGAIN_MS_MAX), undefined, { signal })
    } finally {
      // A reader may have left in the middle; nothing else would close the connection then.
      stream?.destroy()
    }
  }
}

async function open(
  server: Connection,
  path: string,
  after: string,
  signal?: AbortSignal,
): Promise<Readable | undefined> {
  const headers = { accept: 'text/event-stream', ...(after && { 'last-event-id': after }) }
  const { statusCode, body } = await server.ask(path, { headers, signal })
  // Its end is told by `destroy` as an error, which nobody waits for any more.
  body.on('error', () => undefined)
  return statusCode === 204 ? undefined : body
}

function messagesOf(stream: Readable): ReadableStream<EventSourceMessage> {
  const text = ReadableStream.from<Uint8Array>(stream).pipeThrough(
    new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>,
  )
  return text.pipeThrough(new EventSourceParserStream()) as ReadableStream<EventSourceMessage>
}

function parse<T>({ data }: EventSourceMessage): T {
  try {
    return JSON.parse(data) as T
  } catch (cause) {
    const found = `The server sent an event that is no JSON: ${data.slice(0, 80)}`
    throw new PacklineError('BUG', found, { cause })
  }
}

/** Whether the stream may go on when asked again; a refusal stays one. */
function isCut(error: unknown): boolean {
  if (!(error instanceof PacklineError)) return true
  return AGAIN.has(error.code)
}
