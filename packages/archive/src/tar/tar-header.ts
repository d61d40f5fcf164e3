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
  user: [108, 8],
  group: [116, 8],
  size: [124, 12],
  modifiedAt: [136, 12],
  checksum: [148, 8],
  linkName: [157, 100],
  deviceMajor: [329, 8],
  deviceMinor: [337, 8],
  prefix: [345, 155],
} as const satisfies Record<string, readonly [at: number, length: number]>
type Field = (typeof FIELDS)[keyof typeof FIELDS]

/** Nothing here needs them, but where one is no number some readers end the archive. */
const NUMBERS = ['user', 'group', 'modifiedAt', 'deviceMajor', 'deviceMinor'] as const

const TYPE_AT = 156
const MAGIC_AT = 257
const USTAR = 'ustar\0'
const GNU = 'ustar  \0'
const V7 = '\0'.repeat(8)
const V7_TYPES = ['0', '1', '2', '5']
const SPACE = 0x20
const ZERO_DIGIT = 0x30
/** First byte of GNU's numbers. */
const [POSITIVE, NEGATIVE] = [0x80, 0xff]
const ZEROS = Buffer.alloc(BLOCK_BYTES)
const SLASH = Buffer.from('/')

/**
 * A header; "zeros" for the block that ends an archive; "foreign" for a header that is not the same
 * for all readers: of no known format, or of two mixed, or with a field that should be a number and
 * is none. Undefined where the checksum is wrong: it is no header.
 */
export function decodeHeader(block: Buffer): TarHeader | 'zeros' | 'foreign' | undefined {
  const sum = sumOf(block)
  if (sum === 0 && block.equals(ZEROS)) return 'zeros'
  const checksum = numberIn(block, FIELDS.checksum)
  // By the standard the checksum's own bytes count as spaces.
  if (checksum !== sum + FIELDS.checksum[1] * SPACE) return undefined
  const type = String.fromCharCode(block[TYPE_AT] || ZERO_DIGIT)
  const isUstar = hasMagic(block, USTAR)
  const isPrefixed = block[FIELDS.prefix[0]] !== 0
  // Only by the standard's format names have a prefix, but Python takes it in others as well.
  if (!isUstar && (isPrefixed || !isOlder(block, type))) return 'foreign'
  const [size, mode] = [numberIn(block, FIELDS.size), numberIn(block, FIELDS.mode)]
  if (size === undefined || size < 0 || mode === undefined) return 'foreign'
  if (NUMBERS.some((name) => numberIn(block, FIELDS[name]) === undefined)) return 'foreign'
  const last = bytesIn(block, FIELDS.name)
  const name = isPrefixed ? Buffer.concat([bytesIn(block, FIELDS.prefix), SLASH, last]) : last
  return { type, name, linkName: bytesIn(block, FIELDS.linkName), size, mode }
}

/** Of formats from before the standard; in the first one there were files and links alone. */
function isOlder(block: Buffer, type: string): boolean {
  return hasMagic(block, GNU) || (hasMagic(block, V7) && V7_TYPES.includes(type))
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
 * Octal digits between spaces, closed by spaces or NULs, or GNU's form for large and negative
 * numbers; 0 where the field is empty. Undefined for all else, and for more than a number holds.
 */
function numberIn(block: Buffer, [from, length]: Field): number | undefined {
  const end = from + length
  const first = block[from]
  if (first === POSITIVE || first === NEGATIVE) return binaryIn(block, from, end)
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

/** The mark, then the number's bytes, the highest first; those of a negative one as complement. */
function binaryIn(block: Buffer, from: number, end: number): number | undefined {
  const isNegative = block[from] === NEGATIVE
  let value = isNegative ? -1 : 0
  for (let at = from + 1; at < end; at += 1) value = value * 256 + (block[at] as number)
  return Number.isSafeInteger(value) ? value : undefined
}
