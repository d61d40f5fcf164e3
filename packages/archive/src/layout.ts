import type { ByteSource } from './byte-source.ts'
import { type CentralRecord, FLAGS } from './directory.ts'
import { type DirectoryPlace, prefixRefusal, readUInt64 } from './end-record.ts'
import { parseExtraFields } from './extra-fields.ts'
import type { Pause } from './pause.ts'
import { ArchiveRefusal, type Found, quote } from './refusal.ts'

const HEADER_SIGNATURE = 0x04034b50
const HEADER_BYTES = 30
const DESCRIPTOR_SIGNATURE = 0x08074b50
const UINT32_MAX = 0xffffffff
/** Bits 1 and 2 tell how hard the compressor tried; writers fill them in one header only. */
const FLAGS_COMPARED = 0xfff9

/** What a local header and a descriptor can add to the name and content that are known. */
const UNTOLD_BYTES_MAX = 0xffff + 24

/**
 * What places and sizes of the directory alone give away: an overlap, a large gap. A bomb of many
 * entries goes no further than this.
 */
export function checkSpacing(records: readonly CentralRecord[], place: DirectoryPlace): void {
  let least = 0
  for (const record of inFileOrder(records)) {
    const { offset } = record
    if (offset < least) throw differs('overlap', record, 'it overlaps the entry before it')
    if (least > 0 && offset > least + UNTOLD_BYTES_MAX) throw gapRefusal(record, offset - least)
    least = offset + HEADER_BYTES + record.rawName.length + record.compressedSize
    checkInside(record, least, place)
  }
  const left = place.offset - least
  if (records.length > 0 && left > UNTOLD_BYTES_MAX) throw gapRefusal(undefined, left)
}

/** What only the local header tells of an entry's content. */
export interface ContentPlace {
  start: number
  /** Its length follows it. The directory need not say so. */
  hasDescriptor: boolean
}

/**
 * Checks that local headers agree with the directory and that entries tile the file from its first
 * byte to the directory: no overlap, no gap. Answers the place of each record's content.
 */
export async function checkLayout(
  source: ByteSource,
  records: readonly CentralRecord[],
  place: DirectoryPlace,
  pause: Pause,
): Promise<Map<CentralRecord, ContentPlace>> {
  const places = new Map<CentralRecord, ContentPlace>()
  let expected = 0
  for (const record of inFileOrder(records)) {
    const tired = pause()
    if (tired) await tired
    if (record.offset !== expected) throw await misplaced(source, record, expected)
    // Read before the header is trusted, so that no length leads past the directory.
    checkInside(record, expected + HEADER_BYTES + record.rawName.length, place)
    const fixed = await source.read(expected, HEADER_BYTES)
    const variable = headerLengths(record, fixed)
    const areaStart = expected + HEADER_BYTES
    checkInside(record, areaStart + variable, place)
    const area = await source.read(areaStart, variable)
    const descriptorBytes = checkHeader(record, fixed, area)
    const start = areaStart + variable
    const end = start + record.compressedSize
    checkInside(record, end + descriptorBytes, place)
    const hasDescriptor = descriptorBytes > 0
    if (hasDescriptor) checkDescriptor(record, await source.read(end, descriptorBytes))
    places.set(record, { start, hasDescriptor })
    expected = end + descriptorBytes
  }
  if (expected !== place.offset) throw gapRefusal(undefined, place.offset - expected)
  return places
}

/** Most archives are in order already; a sort of a sorted list would only cost a copy. */
function inFileOrder(records: readonly CentralRecord[]): readonly CentralRecord[] {
  return records.toSorted((a, b) => a.offset - b.offset)
}

async function misplaced(
  source: ByteSource,
  record: CentralRecord,
  expected: number,
): Promise<ArchiveRefusal> {
  const between = record.offset - expected
  if (between < 0) return differs('overlap', record, 'it overlaps the entry before it')
  if (expected > 0) return gapRefusal(record, between)
  return prefixRefusal(await source.read(0, Math.min(2, source.size)), between)
}

function gapRefusal(record: CentralRecord | undefined, bytes: number): ArchiveRefusal {
  const before = record ? { en: 'it', zh: '它' } : { en: 'the directory', zh: '目录' }
  const found = {
    en: `${bytes} bytes that belong to no entry stand before ${before.en}`,
    zh: `${before.zh}之前有 ${bytes} 字节不属于任何条目`,
  }
  return new ArchiveRefusal('gap', record?.rawName.toString('utf8'), found)
}

function checkInside(record: CentralRecord, end: number, place: DirectoryPlace): void {
  if (end <= place.offset) return
  throw differs('overlap', record, {
    en: `it ends at byte ${end}, in the directory or past it`,
    zh: `它在第 ${end} 字节结束，已进入或越过目录`,
  })
}

function differs(
  reason: ArchiveRefusal['reason'],
  record: CentralRecord,
  found: Found,
): ArchiveRefusal {
  return new ArchiveRefusal(reason, record.rawName.toString('utf8'), found)
}

function headerLengths(record: CentralRecord, fixed: Buffer): number {
  if (fixed.readUInt32LE(0) !== HEADER_SIGNATURE) {
    throw differs('local-header-damaged', record, 'there is no local header where it should start')
  }
  return fixed.readUInt16LE(26) + fixed.readUInt16LE(28)
}

/** A field's value in a header. */
type Said = string | number | undefined

/** Compares everything a streaming reader would go by; answers the data descriptor's length. */
function checkHeader(record: CentralRecord, fixed: Buffer, area: Buffer): number {
  const rawName = area.subarray(0, fixed.readUInt16LE(26))
  const flags = fixed.readUInt16LE(6)
  const hasDescriptor = (flags & FLAGS.descriptor) !== 0
  const same = (field: string, local: Said, central: Said) => {
    if (local === central) return
    const [here, there] = [shown(local), shown(central)]
    const found = {
      en: `its local header says ${field} ${here}, the directory ${there}`,
      zh: `${field}：它的头部说是 ${here}，目录说是 ${there}`,
    }
    throw differs('local-header-differs', record, found)
  }
  if (!rawName.equals(record.rawName))
    same('name', rawName.toString('latin1'), record.rawName.toString('latin1'))
  // Some writers leave the descriptor's bit out of the directory, which has no need of it.
  const kept = hasDescriptor ? FLAGS_COMPARED & ~FLAGS.descriptor : FLAGS_COMPARED
  same('flags', flags & kept, record.flags & kept)
  same('method', fixed.readUInt16LE(8), record.method)

  const extra = parseExtraFields(area.subarray(rawName.length), rawName)
  same('Unicode Path', extra.unicodePath?.toString(), record.extra.unicodePath?.toString())
  const local = localSizes(record, fixed, extra.zip64)
  // With a descriptor a number may have been unknown yet (zero), but not another one.
  const sameOrOpen = (field: string, value: number, central: number) => {
    if (!hasDescriptor || value !== 0) same(field, value, central)
  }
  sameOrOpen('checksum', local.crc, record.crc)
  sameOrOpen('compressed size', local.compressedSize, record.compressedSize)
  sameOrOpen('size', local.size, record.size)
  if (!hasDescriptor) return 0
  const wide = extra.zip64 || record.size > UINT32_MAX || record.compressedSize > UINT32_MAX
  return wide ? 24 : 16
}

const shown = (said: Said) => (typeof said === 'string' ? quote(said) : String(said ?? 'none'))

function localSizes(record: CentralRecord, fixed: Buffer, zip64: Buffer | undefined) {
  const crc = fixed.readUInt32LE(14)
  const compressedSize = fixed.readUInt32LE(18)
  const size = fixed.readUInt32LE(22)
  const left = Number(size === UINT32_MAX) + Number(compressedSize === UINT32_MAX)
  if (!zip64) return { crc, compressedSize, size }
  // Specified: both sizes or none. Found in the wild: only the one that is left out.
  if (zip64.length !== left * 8 && !(left === 1 && zip64.length === 16)) {
    const found = {
      en: `its local Zip64 field has ${zip64.length} bytes; expected ${left * 8}`,
      zh: `它头部的 ZIP64 字段有 ${zip64.length} 字节；应为 ${left * 8} 字节`,
    }
    throw differs('zip64-lies', record, found)
  }
  const both = zip64.length === 16
  return {
    crc,
    size: size === UINT32_MAX ? readUInt64(zip64, 0) : size,
    compressedSize:
      compressedSize === UINT32_MAX ? readUInt64(zip64, both ? 8 : 0) : compressedSize,
  }
}

/** Only the form with a signature: without it a reader can not tell where the data end. */
function checkDescriptor(record: CentralRecord, bytes: Buffer): void {
  const wide = bytes.length === 24
  const agrees =
    bytes.readUInt32LE(0) === DESCRIPTOR_SIGNATURE &&
    bytes.readUInt32LE(4) === record.crc &&
    (wide ? readUInt64(bytes, 8) : bytes.readUInt32LE(8)) === record.compressedSize &&
    (wide ? readUInt64(bytes, 16) : bytes.readUInt32LE(12)) === record.size
  if (agrees) return
  throw differs('descriptor', record, 'its data descriptor is missing or does not agree')
}
