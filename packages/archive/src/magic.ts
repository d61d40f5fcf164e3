import { isUtf8 } from 'node:buffer'

/** First bytes of what is handed in by mistake, in latin1. */
const MAGICS: readonly (readonly [string, string])[] = [
  ['\x1f\x8b', 'a gzip file (.gz or .tar.gz)'],
  ['Rar!\x1a\x07', 'a RAR archive'],
  ['7z\xbc\xaf\x27\x1c', 'a 7z archive'],
  ['\xfd7zXZ\x00', 'an xz file'],
  ['BZh', 'a bzip2 file'],
  ['\x28\xb5\x2f\xfd', 'a zstd file'],
  ['\x7fELF', 'an ELF program or library'],
  ['\xca\xfe\xba\xbe', 'a Java class file'],
  ['MZ', 'a Windows program'],
  ['%PDF-', 'a PDF'],
]

/** How much of the start `describeBytes` needs. */
export const MAGIC_BYTES = 512

/** Local header, end record of an empty archive, first part of a split one. */
export function startsLikeZip(start: Buffer): boolean {
  return start[0] === 0x50 && start[1] === 0x4b && [3, 5, 6, 7].includes(start[2] ?? 0)
}

/** Names by its first bytes what is no ZIP, to be read after "found". */
export function describeBytes(start: Buffer): string {
  if (start.length === 0) return 'an empty file'
  const text = start.toString('latin1')
  const magic = MAGICS.find(([bytes]) => text.startsWith(bytes))
  if (magic) return magic[1]
  // POSIX tar has its magic behind the first header's name, mode and size.
  if (text.slice(257, 262) === 'ustar') return 'a tar archive'
  if (/^\s*<(!doctype html|html)/i.test(text)) return 'a web page'
  return looksLikeText(start) ? 'a text file' : 'bytes of no known format'
}

function looksLikeText(start: Buffer): boolean {
  // A cut in the middle of a character is no reason: the last three bytes may be left out.
  const whole = [0, 1, 2, 3].some((less) => isUtf8(start.subarray(0, start.length - less)))
  return whole && !/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(start.toString('latin1'))
}
