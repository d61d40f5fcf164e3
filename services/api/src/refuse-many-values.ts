import { failed } from '@packline/shared'
import { bodyFailures } from './texts/bodies.ts'

/** What is smaller can not hold enough to matter, and is most of what comes. */
const LOOKED_AT_BYTES = 1024 * 1024
/** A batch of as many builds as there may be, each with as many files. */
const VALUES_MAX = 1_000_000

const [QUOTE, BACKSLASH, COMMA, BRACE, BRACKET] = Buffer.from('"\\,{[')

/**
 * Counts the values of a large JSON text by its bytes. Tens of millions of empty objects fit into
 * one request: parsing them would keep everybody waiting for seconds and fill the memory. Throws
 * BODY_TOO_LARGE.
 */
export function refuseManyValues(body: Uint8Array): void {
  if (body.length <= LOOKED_AT_BYTES) return
  let values = 0
  let isText = false
  for (let at = 0; at < body.length; at++) {
    const byte = body[at]
    if (byte === BACKSLASH) at++
    else if (byte === QUOTE) isText = !isText
    else if (!isText && (byte === COMMA || byte === BRACE || byte === BRACKET)) values++
    if (values > VALUES_MAX) throw failed('BODY_TOO_LARGE', bodyFailures.tooManyValues(VALUES_MAX))
  }
}
