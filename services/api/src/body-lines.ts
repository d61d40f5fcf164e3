import { failed, LIMITS, type PacklineError } from '@packline/shared'
import type { Request } from 'express'
import { refuseManyValues } from './refuse-many-values.ts'
import { bodyFailures } from './texts/bodies.ts'

/** One build with its inline files, each character of them escaped. */
const LINE_BYTES_MAX = 2 * LIMITS.inlineBytesMax + 1024 * 1024

const LINE_FEED = 0x0a

const NDJSON = /^application\/(x-ndjson|ndjson|jsonl|x-jsonlines)\s*(;|$)/i

export interface BodyLine {
  /** From 1, empty ones counted. */
  line: number
  bytes: Buffer
}

/** Whether the body's lines are JSON values of their own. */
export function isNdjson(request: { headers: { 'content-type'?: string } }): boolean {
  return NDJSON.test(request.headers['content-type'] ?? '')
}

/**
 * The lines of a body as they come, without the empty ones: of the body no more is kept than the
 * line that is read. Throws BODY_TOO_LARGE, and INVALID_REQUEST for a compressed body.
 */
export async function* bodyLines(
  request: Request,
  bytesMax: number = LIMITS.requestBodyBytesMax,
): AsyncGenerator<BodyLine> {
  const encoding = request.get('content-encoding') ?? 'identity'
  if (encoding !== 'identity') {
    throw failed('INVALID_REQUEST', bodyFailures.compressed(encoding))
  }
  if (Number(request.get('content-length') ?? 0) > bytesMax) throw tooLarge(bytesMax)
  let size = 0
  let line = 1
  let begun: Buffer[] = []
  let begunBytes = 0
  // The request must outlive a refusal, or its sender never reads it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > bytesMax) throw tooLarge(bytesMax)
    let from = 0
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      const bytes = Buffer.concat([...begun, chunk.subarray(from, at)])
      if (isFilled(bytes, line)) yield { line, bytes }
      begun = []
      begunBytes = 0
      line += 1
      from = at + 1
    }
    begun.push(chunk.subarray(from))
    begunBytes += chunk.length - from
    if (begunBytes > LINE_BYTES_MAX) throw tooLong(line)
  }
  const last = Buffer.concat(begun)
  if (isFilled(last, line)) yield { line, bytes: last }
}

/** Throws for a line that is too much to be parsed. */
function isFilled(bytes: Buffer, line: number): boolean {
  if (bytes.length > LINE_BYTES_MAX) throw tooLong(line)
  refuseManyValues(bytes)
  return bytes.some((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0d)
}

function tooLong(line: number): PacklineError {
  return failed('BODY_TOO_LARGE', bodyFailures.lineTooLong(line, LINE_BYTES_MAX))
}

function tooLarge(bytesMax: number): PacklineError {
  return failed('BODY_TOO_LARGE', bodyFailures.tooLarge(bytesMax))
}
