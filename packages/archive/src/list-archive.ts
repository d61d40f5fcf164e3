import type { ByteSource } from './byte-source.ts'
import { readDirectory } from './directory.ts'
import { readEndRecord } from './end-record.ts'
import { type EntryKind, readEntryKind } from './entry-kind.ts'
import { type EntryNameEncoding, readEntryName, settleEncoding } from './entry-name.ts'
import { createPause } from './pause.ts'

/** Exactly `length` bytes of an archive that lies elsewhere. */
export type ReadRange = (position: number, length: number) => Promise<Buffer>

/** What an archive's directory says of a file, link or folder. */
export interface ListedEntry {
  path: string
  kind: EntryKind
  size: number
  crc: number
  executable: boolean
}

/**
 * The directory of an archive that has passed the gate before, in two or three reads however large
 * it is. It is no gate: contents and local headers are not looked at.
 */
export async function listArchive(
  size: number,
  read: ReadRange,
  options: { entryNameEncoding?: EntryNameEncoding; signal?: AbortSignal } = {},
): Promise<ListedEntry[]> {
  const pause = createPause(options.signal)
  const source: ByteSource = { size, read, stream: noContent, close: async () => undefined }
  const place = await readEndRecord(source)
  const records = await readDirectory(source, place, pause)
  const encoding = settleEncoding(records, options.entryNameEncoding)
  return records.map((record) => {
    const name = readEntryName(record, encoding)
    const { kind, mode = 0 } = readEntryKind(record, name)
    const executable = kind === 'file' && (mode & 0o111) !== 0
    const path = kind === 'folder' ? name.slice(0, -1) : name
    return { path, kind, size: record.size, crc: record.crc, executable }
  })
}

function noContent(): never {
  throw new Error('a list has no contents')
}
