import { createHash, randomBytes } from 'node:crypto'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME_CHARS = 10
const RANDOM_CHARS = 16

let lastTime = 0
let lastRandom = 0n

/**
 * A prefix, ten characters of time, sixteen of chance: sorts by time, within a process by call.
 * The prefix (lower-case letters) keeps it from being digits only, which BullMQ refuses.
 */
export function newId(prefix: string, now = Date.now()): string {
  if (now > lastTime) {
    lastTime = now
    // The highest bit stays free, so that counting up within a millisecond never overflows.
    lastRandom = BigInt(`0x${randomBytes(10).toString('hex')}`) >> 1n
  } else {
    lastRandom += 1n
  }
  return prefix + encode(BigInt(lastTime), TIME_CHARS) + encode(lastRandom, RANDOM_CHARS)
}

/** As the scripts tell it from a build. */
export function isExpansion(id: string): boolean {
  return id.startsWith('x_')
}

/** The same for the same name, whenever it is made: has the time of the id it is derived from. */
export function derivedId(prefix: string, from: string, name: string): string {
  const time = from.slice(-TIME_CHARS - RANDOM_CHARS, -RANDOM_CHARS)
  const digest = createHash('sha256').update(`${from} ${name}`).digest('hex').slice(0, 20)
  return prefix + time + encode(BigInt(`0x${digest}`), RANDOM_CHARS)
}

/** What every id of that time or later sorts after or equals: the border of a time filter. */
export function idBorder(prefix: string, time: Date): string {
  return prefix + encode(BigInt(Math.max(0, time.getTime())), TIME_CHARS)
}

/** When it was made, or the id it is derived from. */
export function timeOfId(id: string): Date {
  let time = 0
  for (const character of id.slice(-TIME_CHARS - RANDOM_CHARS, -RANDOM_CHARS)) {
    time = time * 32 + ALPHABET.indexOf(character)
  }
  return new Date(time)
}

function encode(value: bigint, chars: number): string {
  let text = ''
  let rest = value
  for (let place = 0; place < chars; place += 1) {
    text = ALPHABET.charAt(Number(rest & 31n)) + text
    rest >>= 5n
  }
  return text
}
