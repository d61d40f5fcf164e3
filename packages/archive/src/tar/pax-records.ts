/** What a pax header says that changes an entry; all else in it is passed over. */
export interface PaxRecords {
  path?: Buffer
  linkpath?: Buffer
  size?: Buffer
  /** The content stands in pieces, which only some readers put together. */
  isSparse: boolean
}

const [SPACE, EQUALS, LINE_END] = [0x20, 0x3d, 0x0a]
const [ZERO_DIGIT, NINE_DIGIT] = [0x30, 0x39]
/** Digits of a record's length; more would be larger than any header that is read. */
const DIGITS_MAX = 8
const SPARSE = 'GNU.sparse.'
const KEYS = ['path', 'linkpath', 'size'] as const

/**
 * Reads "27 path=some/long/name\n" and so on, where each length counts its whole record. Undefined
 * where one is not of that form, or empties a field: readers differ in what they make of it. Goes
 * by bytes, as there may be millions of records.
 */
export function parsePax(bytes: Buffer): PaxRecords | undefined {
  const records: PaxRecords = { isSparse: false }
  let at = 0
  while (at < bytes.length) {
    const record = recordAt(bytes, at)
    if (!record || !note(records, bytes, record)) return undefined
    at = record.end
  }
  return records
}

interface Place {
  key: number
  equals: number
  /** Behind its line end. */
  end: number
}

function recordAt(bytes: Buffer, at: number): Place | undefined {
  let [key, length] = [at, 0]
  for (; bytes[key] !== SPACE; key += 1) {
    const digit = bytes[key] ?? 0
    const isDigit = digit >= (key === at ? ZERO_DIGIT + 1 : ZERO_DIGIT) && digit <= NINE_DIGIT
    if (!isDigit || key - at >= DIGITS_MAX) return undefined
    length = length * 10 + digit - ZERO_DIGIT
  }
  key += 1
  const end = at + length
  let equals = key
  while (equals < end && bytes[equals] !== EQUALS) equals += 1
  const isWhole = end <= bytes.length && bytes[end - 1] === LINE_END
  return isWhole && equals > key && equals < end - 1 ? { key, equals, end } : undefined
}

function note(records: PaxRecords, bytes: Buffer, { key, equals, end }: Place): boolean {
  if (startsWith(bytes, key, SPARSE)) records.isSparse = true
  for (const name of KEYS) {
    if (equals - key !== name.length || !startsWith(bytes, key, name)) continue
    // A copy: a view would keep all of the header.
    records[name] = Buffer.from(bytes.subarray(equals + 1, end - 1))
    return end - 1 > equals + 1
  }
  return true
}

function startsWith(bytes: Buffer, from: number, text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    if (bytes[from + at] !== text.charCodeAt(at)) return false
  }
  return true
}
