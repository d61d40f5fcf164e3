import type { FileHandle } from 'node:fs/promises'
import { readAt, textAt } from '../../elf-file.ts'

/** One section of a 64-bit little-endian ELF file, as its header says. */
export interface ElfSection {
  name: string
  offset: number
  size: number
  /** Bytes of one entry, for tables. */
  entrySize: number
}

/** A plugin has some 50 sections; more than this is no file of a linker. */
const SECTIONS_MAX = 4096
const SECTION_HEADER_BYTES = 64
const NAMES_BYTES_MAX = 1024 * 1024
const NO_BITS = 8

/** The sections that have bytes in the file; empty where there are none or they make no sense. */
export async function readSections(file: FileHandle): Promise<ElfSection[]> {
  const { size } = await file.stat()
  const header = await readAt(file, 0, SECTION_HEADER_BYTES)
  const isElf = header.length === 64 && header.readUInt32BE(0) === 0x7f454c46
  if (!isElf || header[4] !== 2 || header[5] !== 1) return []
  const [entrySize, count, namesIndex] = [58, 60, 62].map((at) => header.readUInt16LE(at))
  if (entrySize !== SECTION_HEADER_BYTES || !count || count > SECTIONS_MAX) return []
  const tableAt = Number(header.readBigUInt64LE(40))
  const table = await readAt(file, tableAt, count * SECTION_HEADER_BYTES)
  if (table.length < count * SECTION_HEADER_BYTES) return []
  const raw = Array.from({ length: count }, (_, index) => rawSection(table, index))
  const names = raw[namesIndex ?? 0]
  if (!names || names.size > NAMES_BYTES_MAX) return []
  const text = await readAt(file, names.offset, names.size)
  return raw
    .filter(({ type, offset, size: bytes }) => type !== NO_BITS && offset + bytes <= size)
    .map(({ nameAt, offset, size: bytes, entrySize: each }) => {
      return { name: textAt(text, nameAt), offset, size: bytes, entrySize: each }
    })
}

/** A section's bytes; undefined where there is none of that name or it is over the limit. */
export async function readSection(
  file: FileHandle,
  sections: readonly ElfSection[],
  name: string,
  bytesMax: number,
): Promise<Buffer | undefined> {
  const section = sections.find((one) => one.name === name)
  if (!section || section.size > bytesMax) return undefined
  return readAt(file, section.offset, section.size)
}

function rawSection(table: Buffer, index: number) {
  const at = index * SECTION_HEADER_BYTES
  const long = (offset: number) => Number(table.readBigUInt64LE(at + offset))
  return {
    nameAt: table.readUInt32LE(at),
    type: table.readUInt32LE(at + 4),
    offset: long(24),
    size: long(32),
    entrySize: long(56),
  }
}
