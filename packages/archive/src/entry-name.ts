import { isAscii, isUtf8 } from 'node:buffer'
import { isEntryPath } from '@packline/shared'
import { type CentralRecord, FLAGS } from './directory.ts'
import { ArchiveRefusal, type Found } from './refusal.ts'

/** Encodings that a request may name for entries without the UTF-8 flag. */
export type EntryNameEncoding = 'gb18030'

/** Linux: NAME_MAX of every common file system; the whole path is ours (`entryPathSchema`). */
const PART_BYTES_MAX = 255
const PATH_CHARACTERS_MAX = 1024

/**
 * The encoding of all names that do not say theirs, decided once for the archive, which was made on
 * one machine: the one asked for as soon as one of them is no UTF-8. By chance a Chinese name is
 * UTF-8 too, letter for letter another one; undefined: they are UTF-8.
 */
export function settleEncoding(
  records: readonly CentralRecord[],
  asked: EntryNameEncoding | undefined,
): EntryNameEncoding | undefined {
  const isOther = (record: CentralRecord) => !saysEncoding(record) && !isUtf8(record.rawName)
  return asked !== undefined && records.some(isOther) ? asked : undefined
}

function saysEncoding({ flags, rawName, extra }: CentralRecord): boolean {
  return isFixed(flags, rawName) || extra.unicodePath !== undefined
}

/** ASCII is the same in every encoding. */
function isFixed(flags: number, rawName: Buffer): boolean {
  return (flags & FLAGS.utf8) !== 0 || isAscii(rawName)
}

/** The path by rule entry-names, `encoding` as settled for all; a folder's ends with a slash. */
export function readEntryName(
  record: CentralRecord,
  encoding: EntryNameEncoding | undefined,
): string {
  const { rawName } = record
  const name = decodeName(record, encoding)
  checkEntryPath(name.endsWith('/') ? name.slice(0, -1) : name, name)
  // Readers that do not know the encoding go by the bytes, so these must be harmless as well.
  if (!isAscii(rawName) && escapes(rawName.toString('latin1'))) {
    throw new ArchiveRefusal('path-escapes', name, 'its name as bytes leaves the package')
  }
  return name
}

function decodeName(record: CentralRecord, encoding: EntryNameEncoding | undefined): string {
  const { rawName, extra } = record
  const unicodePath = extra.unicodePath
  const plain = rawName.toString('utf8')
  const fixed = isFixed(record.flags, rawName)
  if (unicodePath) {
    if (!isUtf8(unicodePath)) throw notUtf8(plain, 'its Unicode Path field is not UTF-8')
    if (fixed && !unicodePath.equals(rawName)) {
      throw new ArchiveRefusal('unicode-path', plain, 'its Unicode Path field gives another name')
    }
    return unicodePath.toString('utf8')
  }
  if (encoding !== undefined && !fixed) return decodeAs(encoding, rawName)
  if (isUtf8(rawName)) return plain
  if (fixed) throw notUtf8(plain, 'its name is marked as UTF-8 and is not')
  throw notUtf8(plain, 'its name is not UTF-8', encodingHint)
}

function decodeAs(encoding: EntryNameEncoding, rawName: Buffer): string {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(rawName)
  } catch {
    const found = isUtf8(rawName)
      ? {
          en: `its name is UTF-8 and not ${encoding}; others here are not UTF-8, expected one encoding`,
          zh: `它的名称是 UTF-8，不是 ${encoding}；这里另有名称不是 UTF-8，应为同一种编码`,
        }
      : {
          en: `its name is neither UTF-8 nor ${encoding}`,
          zh: `它的名称既不是 UTF-8，也不是 ${encoding}`,
        }
    throw notUtf8(rawName.toString('utf8'), found)
  }
}

const encodingHint =
  'Set entryNameEncoding to gb18030 (of the upload and of build) for a ZIP of Chinese Windows.'

function notUtf8(entry: string, found: Found, hint?: string): ArchiveRefusal {
  return new ArchiveRefusal('not-utf8', entry, found, { hint })
}

/** Refuses a path that no package may hold; `shown` is the name for the message. */
export function checkEntryPath(path: string, shown = path): void {
  const refuse = (reason: 'path-escapes' | 'path-form' | 'path-too-long', found: Found) => {
    throw new ArchiveRefusal(reason, shown, found)
  }
  if (escapes(path)) refuse('path-escapes', 'its path leaves the package')
  if (path.includes('\\')) {
    refuse('path-form', {
      en: 'its path has a backslash; expected "/"',
      zh: '路径中有反斜杠；应为 "/"',
    })
  }
  if (!isEntryPath(path)) {
    refuse('path-form', 'its path is empty, or has an empty part, "." or a control character')
  }
  if (path.length > PATH_CHARACTERS_MAX) {
    refuse('path-too-long', {
      en: `its path has ${path.length} characters; at most ${PATH_CHARACTERS_MAX}`,
      zh: `路径有 ${path.length} 个字符；最多 ${PATH_CHARACTERS_MAX} 个`,
    })
  }
  if (path.length > PART_BYTES_MAX / 3 && longestPart(path) > PART_BYTES_MAX) {
    refuse('path-too-long', {
      en: `a part of its path has over ${PART_BYTES_MAX} bytes`,
      zh: `路径的一部分超过 ${PART_BYTES_MAX} 字节`,
    })
  }
}

function escapes(path: string): boolean {
  if (path.startsWith('/') || path.startsWith('\\') || /^[A-Za-z]:/.test(path)) return true
  return path.includes('..') && path.split(/[/\\]/).includes('..')
}

function longestPart(path: string): number {
  return Math.max(...path.split('/').map((part) => Buffer.byteLength(part)))
}
