import type { CentralRecord } from './directory.ts'
import { ArchiveRefusal, type Found } from './refusal.ts'

export type EntryKind = 'file' | 'link' | 'folder'

interface KindAndMode {
  kind: EntryKind
  /** Permission bits with setuid, setgid and sticky; undefined when the maker wrote none. */
  mode: number | undefined
}

/** Makers whose upper attribute bits are a Unix mode: Unix and macOS (APPNOTE.TXT 4.4.2). */
const UNIX_SYSTEMS = [3, 19]
const DOS_FOLDER = 0x10
const TYPE_MASK = 0xf000
/** What Maven's jar plugin of 3.8 writes for folders whose mode it does not know: -1. */
const MODE_UNKNOWN = 0xffff
const TYPES = { folder: 0x4000, file: 0x8000, link: 0xa000 }

/** What the entry is; refuses devices and entries that are one thing by name, another by mode. */
export function readEntryKind(record: CentralRecord, name: string): KindAndMode {
  const written = record.attributes >>> 16
  const bits = written === MODE_UNKNOWN ? 0 : written
  const type = bits & TYPE_MASK
  const isUnix = UNIX_SYSTEMS.includes(record.system)
  const mode = isUnix && bits !== 0 ? bits & 0o7777 : undefined
  const refuse = (reason: ArchiveRefusal['reason'], found: Found) => {
    throw new ArchiveRefusal(reason, name, found)
  }
  if (type !== 0 && !Object.values(TYPES).includes(type)) {
    refuse('device', 'it is a device, a pipe or a socket; expected a file, a folder or a link')
  }
  if (name.endsWith('/')) {
    if (type !== 0 && type !== TYPES.folder) refuse('kind-differs', 'a folder by name only')
    if (record.size !== 0 || record.crc !== 0 || record.compressedSize > 2) {
      refuse('folder-with-content', {
        en: `it is a folder and has ${record.size} bytes of content`,
        zh: `它是文件夹，却有 ${record.size} 字节的内容`,
      })
    }
    return { kind: 'folder', mode }
  }
  if (type === TYPES.folder || (type === 0 && record.attributes & DOS_FOLDER)) {
    refuse('kind-differs', {
      en: 'a folder by its attributes, but its name does not end with "/"',
      zh: '按属性是文件夹，名称却不以 "/" 结尾',
    })
  }
  if (type !== TYPES.link) return { kind: 'file', mode }
  // Unix readers would make a link of it, the others a file.
  if (!isUnix) refuse('kind-differs', 'a link by its mode, but not made on Unix')
  return { kind: 'link', mode }
}
