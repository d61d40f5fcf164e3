import { crc32 } from 'node:zlib'
import { ArchiveRefusal } from './refusal.ts'

/** The two extra fields that change what a header means; all others are carried by nobody. */
export interface ExtraFields {
  /** 0x0001: 64-bit sizes and offset, as many as the header leaves out. */
  zip64?: Buffer
  /** 0x7075: the name in UTF-8, for a name that is written in another encoding. */
  unicodePath?: Buffer
}

const NONE: ExtraFields = {}

/** Refuses fields that do not fill the area exactly, and a second one of either kind. */
export function parseExtraFields(area: Buffer, rawName: Buffer): ExtraFields {
  if (area.length === 0) return NONE
  const fields: ExtraFields = {}
  const entry = () => rawName.toString('utf8')
  let at = 0
  while (at < area.length) {
    const end = at + 4 <= area.length ? at + 4 + area.readUInt16LE(at + 2) : Infinity
    if (end > area.length) {
      throw new ArchiveRefusal('extra-field', entry(), 'an extra field is longer than its area')
    }
    const id = area.readUInt16LE(at)
    const bytes = area.subarray(at + 4, end)
    at = end
    if (id !== 0x0001 && id !== 0x7075) continue
    const key = id === 0x0001 ? 'zip64' : 'unicodePath'
    if (fields[key]) {
      const found = { en: `two ${key} fields`, zh: `有两个 ${key} 字段` }
      throw new ArchiveRefusal('extra-field', entry(), found)
    }
    fields[key] = id === 0x0001 ? bytes : unicodePathOf(bytes, rawName)
  }
  return fields
}

/** Version, checksum of the name it stands for, name (APPNOTE.TXT 4.6.9). */
function unicodePathOf(bytes: Buffer, rawName: Buffer): Buffer {
  const valid = bytes.length > 5 && bytes[0] === 1 && bytes.readUInt32LE(1) === crc32(rawName)
  if (valid) return bytes.subarray(5)
  // Readers that look at the checksum take the plain name, the others this one.
  throw new ArchiveRefusal(
    'unicode-path',
    rawName.toString('utf8'),
    'its Unicode Path field belongs to another name',
  )
}
