/** All of a tar comes in blocks of so many bytes. */
export const BLOCK_BYTES = 512

/** What a header block says, its names still as bytes. */
export interface TarHeader {
  /** The letter of the entry's kind; "0" where an old maker left it out. */
  type: string
  name: Buffer
  linkName: Buffer
  /** Bytes that follow it, without those that fill up the last block. */
  size: number
  mode: number
}

/** Offset and length in bytes of a header's fields, by POSIX (ustar) and GNU tar alike. */
const FIELDS = {
  name: [0, 100],
  mode: [100, 8],
  size: [124, 12],
  checksum: [148, 8],
  linkName: [157, 100],
  prefix: [345, 155],
} as const satisfies Record<string, readonly [at: number, length: number]>
type Field = (typeof FIELDS)[keyof typeof FIELDS]

const TYPE_AT = 156
const MAGIC_AT = 257
const USTAR = 'ustar\0'
const GNU = 'ustar  \0'
const SPACE = 0x20
const ZERO_DIGIT = 0x30
const SLASH = Buffer.from('/')

/**
 * A header, "zeros" for the block that ends an archive, or undefined for what is neither: its
 * checksum is wrong, it is of no known format, or its size is no number that all readers agree on.
 */
export function decodeHeader(block: Buffer): TarHeader | 'zeros' | undefined {
  const sum = sumOf(block)
  const checksum = numberIn(block, FIELDS.checksum)
  if (sum === 0 && checksum === 0) return 'zeros'
  // By the standard the checksum's own bytes count as spaces.
  if (checksum !== sum + FIELDS.checksum[1] * SPACE) return undefined
  const isUstar = hasMagic(block, USTAR)
  const size = numberIn(block, FIELDS.size)
  if (size === undefined || (!isUstar && !hasMagic(block, GNU))) return undefined
  const last = bytesIn(block, FIELDS.name)
  const isPrefixed = isUstar && block[FIELDS.prefix[0]] !== 0
  return {
    type: String.fromCharCode(block[TYPE_AT] || ZERO_DIGIT),
    name: isPrefixed ? Buffer.concat([bytesIn(block, FIELDS.prefix), SLASH, last]) : last,
    linkName: bytesIn(block, FIELDS.linkName),
    size,
    mode: numberIn(block, FIELDS.mode) ?? 0,
  }
}

function sumOf(block: Buffer): number {
  const [from, length] = FIELDS.checksum
  let sum = 0
  for (let at = 0; at < from; at += 1) sum += block[at] as number
  for (let at = from + length; at < BLOCK_BYTES; at += 1) sum += block[at] as number
  return sum
}

function hasMagic(block: Buffer, magic: string): boolean {
  for (let at = 0; at < magic.length; at += 1) {
    if (block[MAGIC_AT + at] !== magic.charCodeAt(at)) return false
  }
  return true
}

/** Up to its first NUL. */
function bytesIn(block: Buffer, [from, length]: Field): Buffer {
  let end = from
  while (end < from + length && block[end] !== 0) end += 1
  return block.subarray(from, end)
}

/**
 * Octal digits between spaces, closed by spaces or NULs, or GNU's form for large numbers; 0 where
 * the field is empty. Undefined for all else, and for more than a number holds.
 */
function numberIn(block: Buffer, [from, length]: Field): number | undefined {
  const end = from + length
  if (((block[from] ?? 0) & 0x80) !== 0) return binaryIn(block, from, end)
  let at = from
  while (at < end && block[at] === SPACE) at += 1
  let value = 0
  for (; at < end; at += 1) {
    const digit = (block[at] as number) - ZERO_DIGIT
    if (digit < 0 || digit > 7) break
    value = value * 8 + digit
  }
  for (; at < end; at += 1) if (block[at] !== SPACE && block[at] !== 0) return undefined
  return value
}

/** 0x80, then the number's bytes, the highest first; 0xff in front would make it negative. */
function binaryIn(block: Buffer, from: number, end: number): number | undefined {
  if (block[from] !== 0x80) return undefined
  let value = 0
  for (let at = from + 1; at < end; at += 1) value = value * 256 + (block[at] as number)
  return Number.isSafeInteger(value) ? value : undefined
}
