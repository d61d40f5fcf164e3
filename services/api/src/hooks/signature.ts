import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** `webhook-timestamp` may be this far from our clock (Standard Webhooks). */
const TOLERANCE_MS = 5 * 60_000

/** Of one delivery several keys may sign. */
const SIGNATURES_MAX = 10

export function hmac(key: string | Buffer, ...parts: (string | Buffer)[]): Buffer {
  const sum = createHmac('sha256', key)
  for (const part of parts) sum.update(part)
  return sum.digest()
}

/** Whether `given` is the sum in hexadecimal digits, `prefix` before them. */
export function isHexOf(sum: Buffer, given: string, prefix = ''): boolean {
  if (!given.startsWith(prefix)) return false
  const digits = given.slice(prefix.length)
  return /^[0-9a-f]{64}$/i.test(digits) && timingSafeEqual(sum, Buffer.from(digits, 'hex'))
}

/** In constant time, whatever their lengths: their digests are compared. */
export function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digestOf(one), digestOf(other))
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

interface Signed {
  id: string | undefined
  timestamp: string | undefined
  signature: string | undefined
  body: Buffer
  receivedAt: Date
}

/**
 * Standard Webhooks, symmetric (`v1`): answers the id, which the signature covers. Its library
 * signs text that was decoded and parses it at once; here the bytes are signed, none is parsed.
 */
export function verifyStandard(
  { id, timestamp, signature, body, receivedAt }: Signed,
  secret: string,
): string | undefined {
  if (!id || !timestamp || !signature) return undefined
  if (!/^[\x21-\x7e]{1,256}$/.test(id) || !/^\d{1,12}$/.test(timestamp)) return undefined
  if (Math.abs(Number(timestamp) * 1000 - receivedAt.getTime()) > TOLERANCE_MS) return undefined
  const sum = hmac(keyOf(secret), `${id}.${timestamp}.`, body)
  const given = signature.split(' ').slice(0, SIGNATURES_MAX)
  let isRight = false
  // All are looked at, so that the time does not tell which one was right.
  for (const one of given) if (isSame(one, `v1,${sum.toString('base64')}`)) isRight = true
  return isRight ? id : undefined
}

/** `whsec_` stands before a key in base64; any other secret is the key itself. */
function keyOf(secret: string): Buffer {
  const [, encoded] = /^whsec_(.*)$/.exec(secret) ?? []
  return encoded === undefined ? Buffer.from(secret) : Buffer.from(encoded, 'base64')
}
