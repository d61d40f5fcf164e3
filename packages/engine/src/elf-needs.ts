import type { FileHandle } from 'node:fs/promises'
import { openBinary, readAt, readText } from './elf-file.ts'

/** What a native file asks of the system that loads it. */
export interface ElfNeeds {
  /** A program's loader, such as /lib64/ld-linux-x86-64.so.2; undefined where it needs none. */
  interpreter: string | undefined
  /** The name that others ask for it by. */
  soname: string | undefined
  /** The libraries that are loaded with it (DT_NEEDED). */
  libraries: readonly string[]
  /** Library -> versions of symbols that it must have, such as "GLIBC_2.14". */
  versions: ReadonlyMap<string, readonly string[]>
}

/** Linkers write some 10 segments, 100 entries and 50 versions; more is no file of theirs. */
const SEGMENTS_MAX = 512
const DYNAMIC_BYTES_MAX = 64 * 1024
const VERSIONS_BYTES_MAX = 256 * 1024
const LIBRARIES_MAX = 1000
const VERSIONS_MAX = 4000

const HEADER_BYTES = 64
const SEGMENT_BYTES = 56
/** Bytes of one entry of the dynamic table, of a needed library and of one of its versions. */
const ENTRY_BYTES = 16

const SEGMENT = { load: 1, dynamic: 2, interpreter: 3 } as const
const TAG = {
  needed: 1,
  strings: 5,
  soname: 14,
  versions: 0x6ffffffe,
  versionsCount: 0x6fffffff,
} as const
/** The loader goes on where such a version is missing. */
const WEAK = 2

/**
 * Reads what the loader reads: segments and dynamic table, which stay when sections are stripped
 * (System V ABI, LSB "Symbol Versioning"). Undefined when it is no 64-bit little-endian ELF file;
 * whatever makes no sense counts as nothing.
 */
export async function readElfNeeds(path: string): Promise<ElfNeeds | undefined> {
  const file = await openBinary(path)
  try {
    const segments = await readSegments(file)
    if (!segments) return undefined
    const interpreter = segments.find(({ type }) => type === SEGMENT.interpreter)
    const table = segments.find(({ type }) => type === SEGMENT.dynamic)
    const dynamic = await readDynamic(file, table)
    const stringsAt = placeOf(dynamic.get(TAG.strings)?.[0], segments)
    const nameAt = (offset: number) => {
      return stringsAt === undefined ? '' : readText(file, stringsAt + offset)
    }
    const names = async (tag: number) => {
      const offsets = (dynamic.get(tag) ?? []).slice(0, LIBRARIES_MAX)
      return (await inTurn(offsets, nameAt)).filter((name) => name !== '')
    }
    return {
      interpreter: interpreter && (await readText(file, interpreter.offset)),
      soname: (await names(TAG.soname))[0],
      libraries: await names(TAG.needed),
      versions: await readVersions(file, dynamic, segments, nameAt),
    }
  } finally {
    await file.close()
  }
}

interface Segment {
  type: number
  offset: number
  address: number
  bytes: number
}

async function readSegments(file: FileHandle): Promise<Segment[] | undefined> {
  const header = await readAt(file, 0, HEADER_BYTES)
  const isElf = header.length === HEADER_BYTES && header.readUInt32BE(0) === 0x7f454c46
  if (!isElf || header[4] !== 2 || header[5] !== 1) return undefined
  const [entryBytes, count = 0] = [54, 56].map((at) => header.readUInt16LE(at))
  if (entryBytes !== SEGMENT_BYTES || count > SEGMENTS_MAX) return []
  const table = await readAt(file, longAt(header, 32), count * SEGMENT_BYTES)
  return rowsOf(table, SEGMENT_BYTES).map((row) => ({
    type: row.readUInt32LE(0),
    offset: longAt(row, 8),
    address: longAt(row, 16),
    bytes: longAt(row, 32),
  }))
}

/** Tag -> values, in the order of the table, which a zero tag ends. */
async function readDynamic(file: FileHandle, segment: Segment | undefined) {
  const found = new Map<number, number[]>()
  if (!segment) return found
  const bytes = Math.min(segment.bytes, DYNAMIC_BYTES_MAX)
  for (const row of rowsOf(await readAt(file, segment.offset, bytes), ENTRY_BYTES)) {
    const tag = longAt(row, 0)
    if (tag === 0) break
    found.set(tag, [...(found.get(tag) ?? []), longAt(row, 8)])
  }
  return found
}

/** Where an address of the loaded file lies in the file. */
function placeOf(address: number | undefined, segments: readonly Segment[]): number | undefined {
  if (address === undefined) return undefined
  const holds = (one: Segment) => {
    return one.type === SEGMENT.load && address >= one.address && address < one.address + one.bytes
  }
  const segment = segments.find(holds)
  return segment && segment.offset + address - segment.address
}

async function readVersions(
  file: FileHandle,
  dynamic: ReadonlyMap<number, readonly number[]>,
  segments: readonly Segment[],
  nameAt: (offset: number) => Promise<string> | string,
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  const start = placeOf(dynamic.get(TAG.versions)?.[0], segments)
  if (start === undefined) return found
  const count = Math.min(dynamic.get(TAG.versionsCount)?.[0] ?? 0, LIBRARIES_MAX)
  const table = await readAt(file, start, VERSIONS_BYTES_MAX)
  let left = VERSIONS_MAX
  for (const at of chain(table, { first: 0, count, next: 12 })) {
    const versions = { first: at + table.readUInt32LE(at + 8), count: table.readUInt16LE(at + 2) }
    const places = chain(table, { ...versions, count: Math.min(versions.count, left), next: 12 })
    left -= places.length
    const strong = places.filter((place) => (table.readUInt16LE(place + 4) & WEAK) === 0)
    const library = await nameAt(table.readUInt32LE(at + 4))
    const names = await inTurn(strong, (place) => nameAt(table.readUInt32LE(place + 8)))
    found.set(library, [...(found.get(library) ?? []), ...names])
  }
  return found
}

/** Places of entries of which each says how far it is to the next; ends where one lies outside. */
function chain(table: Buffer, link: { first: number; count: number; next: number }): number[] {
  const places: number[] = []
  let at = link.first
  while (places.length < link.count && at + ENTRY_BYTES <= table.length) {
    places.push(at)
    const step = table.readUInt32LE(at + link.next)
    if (step === 0) break
    at += step
  }
  return places
}

function rowsOf(table: Buffer, bytes: number): Buffer[] {
  const count = Math.floor(table.length / bytes)
  return Array.from({ length: count }, (_, index) => table.subarray(index * bytes))
}

/** Beyond 2^53 it is rounded: no file is as long, so that it lies outside either way. */
function longAt(table: Buffer, offset: number): number {
  return Number(table.readBigUInt64LE(offset))
}

async function inTurn<T>(
  items: readonly T[],
  work: (item: T) => Promise<string> | string,
): Promise<string[]> {
  const results: string[] = []
  for (const item of items) results.push(await work(item))
  return results
}
