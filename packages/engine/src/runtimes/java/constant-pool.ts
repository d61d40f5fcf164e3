/** Bytes after the tag of each constant of fixed length (JVM specification, part 4.4). */
const CONSTANT_BYTES: Readonly<Record<number, number>> = {
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 2,
  8: 2,
  9: 4,
  10: 4,
  11: 4,
  12: 4,
  15: 3,
  16: 2,
  17: 4,
  18: 4,
  19: 2,
  20: 2,
}
const UTF8 = 1
const CLASS = 7
const LONG = 5
const DOUBLE = 6

/** The constants of a class file, read where they are asked for. */
export interface Constants {
  end: number
  text(index: number): string
  className(index: number): string | undefined
  /** Every class that a constant names, in the JVM's writing: `java/lang/String`, `[I`. */
  classes(): string[]
}

/**
 * Only places are kept: most constants of a class are never asked for. Undefined for a tag that no
 * class file has; RangeError where the bytes end too soon.
 */
export function readConstants(bytes: Buffer, start: number): Constants | undefined {
  const count = bytes.readUInt16BE(start)
  const places: number[] = []
  let at = start + 2
  for (let index = 1; index < count; index += 1) {
    const tag = bytes.readUInt8(at)
    const length = tag === UTF8 ? 2 + bytes.readUInt16BE(at + 1) : CONSTANT_BYTES[tag]
    if (length === undefined) return undefined
    places[index] = at
    at += 1 + length
    // These two take the next index as well, a mistake that the format has kept.
    if (tag === LONG || tag === DOUBLE) index += 1
  }
  const text = (index: number) => {
    const place = places[index]
    if (place === undefined || bytes.readUInt8(place) !== UTF8) throw new RangeError('no text')
    const length = bytes.readUInt16BE(place + 1)
    if (place + 3 + length > bytes.length) throw new RangeError('the text is cut')
    return bytes.toString('utf8', place + 3, place + 3 + length)
  }
  const className = (index: number) => {
    const place = places[index]
    if (place === undefined || bytes.readUInt8(place) !== CLASS) return undefined
    return text(bytes.readUInt16BE(place + 1)).replaceAll('/', '.')
  }
  const classes = () =>
    places.flatMap((place) => {
      return bytes.readUInt8(place) === CLASS ? [text(bytes.readUInt16BE(place + 1))] : []
    })
  return { end: at, text, className, classes }
}

const MAGIC = 0xcafebabe
/** Java 1.1 is 45, each release counts one up: 52 is Java 8 (JVM specification, table 4.1-A). */
const RELEASE_OFFSET = 44

/** A class file's release, by its first 8 bytes; undefined where they are none of a class file. */
export function readRelease(start: Buffer): number | undefined {
  if (start.length < 8 || start.readUInt32BE(0) !== MAGIC) return undefined
  return start.readUInt16BE(6) - RELEASE_OFFSET
}

/** Reads a class file; undefined where it is cut: reading past the end is how that shows itself. */
export function unlessCut<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
