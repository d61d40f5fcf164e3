import { text } from 'node:stream/consumers'
import { PacklineError } from '@packline/shared'
import { ANSWER_MS_MAX, type Heard, SENDING_MS_MAX, type Surroundings } from './sending.ts'

/** An answer is looked at only for what the other side calls it. */
const ANSWER_BYTES_MAX = 64 * 1024

/** What is sent to the other side. */
export interface Message {
  method: 'POST' | 'PATCH'
  url: string
  headers: Readonly<Record<string, string>>
  body: string
  /** What the answer's body says that it is called, for those that say so. */
  readReference?: (answer: unknown) => string | undefined
}

/** Throws SOURCE_NOT_ALLOWED and SOURCE_UNREACHABLE; a redirect is an answer, and not followed. */
export async function post(message: Message, { outbound, signal }: Surroundings): Promise<Heard> {
  const { method, url, headers, body, readReference } = message
  const late = AbortSignal.timeout(SENDING_MS_MAX)
  const answer = await outbound
    .request(url, {
      method,
      headers: { 'user-agent': 'Packline', accept: 'application/json', ...headers },
      body,
      signal: AbortSignal.any([signal, late]),
      timeoutMs: ANSWER_MS_MAX,
      redirectsMax: 0,
      bytesMax: ANSWER_BYTES_MAX,
    })
    .catch((error: unknown) => {
      if (!late.aborted || signal.aborted) throw error
      const detail = `There was no answer within ${SENDING_MS_MAX / 1000} s`
      throw new PacklineError('SOURCE_UNREACHABLE', detail, { cause: error })
    })
  const heard = { status: answer.status, retryAfter: answer.headers['retry-after'] }
  if (!readReference || answer.status >= 300) {
    // What a stranger says is not kept: it could be anything, and endless.
    answer.body.on('error', () => undefined).destroy()
    return heard
  }
  const said = await text(answer.body)
    .then((json) => JSON.parse(json) as unknown)
    .catch(() => undefined)
  return { ...heard, reference: readReference(said) }
}
