/** What a file of a test asks for; without anything it is a bare library for x86_64. */
export interface ElfContent {
  /** 62: x86_64, 183: aarch64. */
  machine?: number
  /** 2: executable, 3: library or position-independent executable. */
  type?: number
  interpreter?: string
  soname?: string
  needed?: readonly string[]
  /** Library -> versions of its symbols; with `?` at the end a weak one. */
  versions?: Readonly<Record<string, readonly string[]>>
}

/** Where the loader would put the file's first byte: no address is an offset. */
const ADDRESS = 0x10000
const HEADER_BYTES = 64
const SEGMENT_BYTES = 56

/** A 64-bit little-endian ELF file as a linker lays it out, without code and sections. */
export function elfOf(content: ElfContent): Buffer {
  const { interpreter, soname, needed = [], versions = {} } = content
  const strings = stringTable()
  const counts = 3
  const start = HEADER_BYTES + counts * SEGMENT_BYTES
  const loader = Buffer.from(`${interpreter ?? ''}\0`)
  const needs = versionTable(versions, strings.at)
  const [needsAt, stringsAt] = [start + loader.length, start + loader.length + needs.length]
  const entries: [tag: number, value: number][] = [
    ...needed.map((name): [number, number] => [1, strings.at(name)]),
    ...(soname === undefined ? [] : [[14, strings.at(soname)] as [number, number]]),
    [5, ADDRESS + stringsAt],
    [0x6ffffffe, ADDRESS + needsAt],
    [0x6fffffff, Object.keys(versions).length],
    [0, 0],
  ]
  const dynamic = Buffer.concat(entries.map(([tag, value]) => longs(tag, value)))
  const text = strings.bytes()
  const dynamicAt = stringsAt + text.length
  const whole = dynamicAt + dynamic.length
  return Buffer.concat([
    header(content, counts),
    segment(1, 0, whole),
    segment(2, dynamicAt, dynamic.length),
    // A segment of another kind, which nobody looks at, where no loader is asked for.
    segment(interpreter === undefined ? 4 : 3, start, loader.length),
    loader,
    needs,
    text,
    dynamic,
  ])
}

function header({ machine = 62, type = 3 }: ElfContent, segments: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  bytes.writeUInt16LE(type, 16)
  bytes.writeUInt16LE(machine, 18)
  bytes.writeBigUInt64LE(BigInt(HEADER_BYTES), 32)
  bytes.writeUInt16LE(SEGMENT_BYTES, 54)
  bytes.writeUInt16LE(segments, 56)
  return bytes
}

function segment(type: number, offset: number, size: number): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32LE(type, 0)
  return Buffer.concat([head, longs(offset, ADDRESS + offset, ADDRESS + offset, size, size, 1)])
}

function versionTable(
  versions: Readonly<Record<string, readonly string[]>>,
  at: (name: string) => number,
): Buffer {
  const libraries = Object.entries(versions)
  return Buffer.concat(
    libraries.flatMap(([library, names], index) => {
      const isLast = index === libraries.length - 1
      const head = Buffer.alloc(16)
      head.writeUInt16LE(1, 0)
      head.writeUInt16LE(names.length, 2)
      head.writeUInt32LE(at(library), 4)
      head.writeUInt32LE(16, 8)
      head.writeUInt32LE(isLast ? 0 : 16 * (names.length + 1), 12)
      return [head, ...names.map((name, of) => version(name, at, of === names.length - 1))]
    }),
  )
}

function version(name: string, at: (name: string) => number, isLast: boolean): Buffer {
  const row = Buffer.alloc(16)
  row.writeUInt16LE(name.endsWith('?') ? 2 : 0, 4)
  row.writeUInt32LE(at(name.replace('?', '')), 8)
  row.writeUInt32LE(isLast ? 0 : 16, 12)
  return row
}

function stringTable() {
  let text = '\0'
  return {
    at: (name: string) => {
      const offset = text.length
      text += `${name}\0`
      return offset
    },
    bytes: () => Buffer.from(text, 'latin1'),
  }
}

function longs(...values: number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length)
  for (const [index, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 8 * index)
  return bytes
}
