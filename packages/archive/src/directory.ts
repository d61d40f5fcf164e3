import type { Words } from '@packline/shared'
import type { ByteSource } from './byte-source.ts'
import { type DirectoryPlace, readUInt64 } from './end-record.ts'
import { type ExtraFields, parseExtraFields } from './extra-fields.ts'
import type { Pause } from './pause.ts'
import { ArchiveRefusal, type Found } from './refusal.ts'

/** One record of the central directory; sizes and offset are Zip64's where it leaves them to it. */
export interface CentralRecord {
  rawName: Buffer
  extra: ExtraFields
  /** System that made the entry: 3 Unix, 19 macOS, 0 DOS. */
  system: number
  flags: number
  method: number
  crc: number
  compressedSize: number
  size: number
  attributes: number
  /** Where the local header stands. */
  offset: number
}

const RECORD_SIGNATURE = 0x02014b50
const RECORD_BYTES = 46
/** 100,000 entries with paths of 200 bytes; what a hostile directory may cost in memory. */
const DIRECTORY_BYTES_MAX = 32 * 1024 * 1024

/** Bits of the general purpose flag (APPNOTE.TXT 4.4.4). */
export const FLAGS = { encrypted: 0x2041, descriptor: 0x8, patched: 0x20, utf8: 0x800 }
export const METHODS = { stored: 0, deflated: 8 }

/** Reads exactly the records that the end record speaks of, in exactly their bytes. */
export async function readDirectory(
  source: ByteSource,
  place: DirectoryPlace,
  pause: Pause,
): Promise<CentralRecord[]> {
  if (place.size < place.entries * RECORD_BYTES) {
    throw damaged(place, { en: 'is too short for them', zh: '目录却太短' })
  }
  if (place.size > DIRECTORY_BYTES_MAX) {
    throw new ArchiveRefusal('too-many-entries', undefined, {
      en: `The directory has ${place.size} bytes; expected at most ${DIRECTORY_BYTES_MAX}`,
      zh: `压缩包的目录有 ${place.size} 字节；最多 ${DIRECTORY_BYTES_MAX} 字节`,
    })
  }
  const bytes = await source.read(place.offset, place.size)
  const records: CentralRecord[] = []
  let at = 0
  for (let index = 0; index < place.entries; index += 1) {
    const tired = pause()
    if (tired) await tired
    const end = recordEnd(bytes, at)
    if (end > bytes.length) {
      const [en, zh] = [
        `ends in the middle of record ${index + 1}`,
        `目录却在第 ${index + 1} 条中间结束`,
      ]
      throw damaged(place, { en, zh })
    }
    records.push(parseRecord(bytes, at, end))
    at = end
  }
  if (at !== bytes.length) {
    const more = bytes.length - at
    throw damaged(place, {
      en: `goes on for ${more} bytes after them`,
      zh: `目录在其后还有 ${more} 字节`,
    })
  }
  return records
}

function damaged(place: DirectoryPlace, found: Words): ArchiveRefusal {
  const says = {
    en: `The end record speaks of ${place.entries} entries; the directory ${found.en}`,
    zh: `结尾记录说有 ${place.entries} 个条目；${found.zh}`,
  }
  return new ArchiveRefusal('directory-damaged', undefined, says)
}

function recordEnd(bytes: Buffer, at: number): number {
  if (at + RECORD_BYTES > bytes.length || bytes.readUInt32LE(at) !== RECORD_SIGNATURE) {
    return Infinity
  }
  const lengths =
    bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  return at + RECORD_BYTES + lengths
}

function parseRecord(bytes: Buffer, at: number, end: number): CentralRecord {
  const nameEnd = at + RECORD_BYTES + bytes.readUInt16LE(at + 28)
  const extraEnd = nameEnd + bytes.readUInt16LE(at + 30)
  const rawName = bytes.subarray(at + RECORD_BYTES, nameEnd)
  const record: CentralRecord = {
    rawName,
    extra: parseExtraFields(bytes.subarray(nameEnd, extraEnd), rawName),
    system: bytes.readUInt8(at + 5),
    flags: bytes.readUInt16LE(at + 8),
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    compressedSize: bytes.readUInt32LE(at + 20),
    size: bytes.readUInt32LE(at + 24),
    attributes: bytes.readUInt32LE(at + 38),
    offset: bytes.readUInt32LE(at + 42),
  }
  const refuse = (...[reason, found]: [ArchiveRefusal['reason'], Found]) => {
    throw new ArchiveRefusal(reason, rawName.toString('utf8'), found)
  }
  if (end !== extraEnd) refuse('entry-comment', 'it has a comment, which nothing here can carry')
  if (bytes.readUInt16LE(at + 34) !== 0) refuse('multi-disk', 'it is on another disk')
  if (record.flags & FLAGS.encrypted) refuse('encrypted', 'it is encrypted')
  if (record.flags & FLAGS.patched) refuse('method', 'it is a patch of another file')
  if (record.method !== METHODS.stored && record.method !== METHODS.deflated) {
    refuse('method', {
      en: `its compression method is ${record.method}; expected stored or deflated`,
      zh: `它的压缩方式是 ${record.method}；应为存储或 deflate`,
    })
  }
  takeZip64(record, rawName)
  if (record.crc === 0 && record.size > 0)
    refuse('crc-collision', 'its checksum is that of no bytes')
  if (record.method === METHODS.stored && record.size !== record.compressedSize) {
    const { compressedSize, size } = record
    refuse('size-lies', {
      en: `stored, but its sizes are ${compressedSize} and ${size}`,
      zh: `它未压缩，两个大小却是 ${compressedSize} 和 ${size}`,
    })
  }
  return record
}

/** Fills in what the record leaves to Zip64; readers differ about any number too many. */
function takeZip64(record: CentralRecord, rawName: Buffer): void {
  const fields = record.extra.zip64
  const left = (['size', 'compressedSize', 'offset'] as const).filter(
    (field) => record[field] === 0xffffffff,
  )
  if (!fields) return
  if (fields.length !== left.length * 8) {
    throw new ArchiveRefusal('zip64-lies', rawName.toString('utf8'), {
      en: `its Zip64 field has ${fields.length} bytes; the record asks for ${left.length * 8}`,
      zh: `它的 ZIP64 字段有 ${fields.length} 字节；应为 ${left.length * 8} 字节`,
    })
  }
  for (const [index, field] of left.entries()) record[field] = readUInt64(fields, index * 8)
}
