/** Records of a pax header, key -> value as bytes. */
export type PaxRecords = ReadonlyMap<string, Buffer>

const [SPACE, EQUALS, LINE_END] = [0x20, 0x3d, 0x0a]
/** Digits of a record's length; more would be larger than any header that is read. */
const DIGITS_MAX = 8

/**
 * Reads "27 path=some/long/name\n" and so on, where each length counts its whole record. Undefined
 * where one is not of that form: readers differ in what they make of the rest.
 */
export function parsePax(bytes: Buffer): PaxRecords | undefined {
  const records = new Map<string, Buffer>()
  let at = 0
  while (at < bytes.length) {
    const space = bytes.indexOf(SPACE, at)
    if (space < 0 || space - at > DIGITS_MAX) return undefined
    const length = bytes.toString('latin1', at, space)
    if (!/^[1-9]\d*$/.test(length)) return undefined
    const end = at + Number(length)
    const equals = bytes.indexOf(EQUALS, space)
    const isWhole = end <= bytes.length && bytes[end - 1] === LINE_END
    if (!isWhole || equals < 0 || equals >= end - 1 || equals === space + 1) return undefined
    records.set(bytes.toString('utf8', space + 1, equals), bytes.subarray(equals + 1, end - 1))
    at = end
  }
  return records
}
