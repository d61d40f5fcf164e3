import { isUtf8 } from 'node:buffer'
import type { Words } from '@packline/shared'

/** First bytes of what is handed in by mistake, in latin1. */
const MAGICS: readonly (readonly [string, Words])[] = [
  ['\x1f\x8b', { en: 'a gzip file (.gz or .tar.gz)', zh: ' gzip 文件（.gz 或 .tar.gz）' }],
  ['Rar!\x1a\x07', { en: 'a RAR archive', zh: ' RAR 压缩包' }],
  ['7z\xbc\xaf\x27\x1c', { en: 'a 7z archive', zh: ' 7z 压缩包' }],
  ['\xfd7zXZ\x00', { en: 'an xz file', zh: ' xz 文件' }],
  ['BZh', { en: 'a bzip2 file', zh: ' bzip2 文件' }],
  ['\x28\xb5\x2f\xfd', { en: 'a zstd file', zh: ' zstd 文件' }],
  ['\x7fELF', { en: 'an ELF program or library', zh: ' ELF 程序或库' }],
  ['\xca\xfe\xba\xbe', { en: 'a Java class file', zh: ' Java 类文件' }],
  ['MZ', { en: 'a Windows program', zh: ' Windows 程序' }],
  ['%PDF-', { en: 'a PDF', zh: ' PDF 文件' }],
]

/** How much of the start `describeBytes` needs. */
export const MAGIC_BYTES = 512

/** Local header, end record of an empty archive, first part of a split one. */
export function startsLikeZip(start: Buffer): boolean {
  return start[0] === 0x50 && start[1] === 0x4b && [3, 5, 6, 7].includes(start[2] ?? 0)
}

/** Names by its first bytes what is no ZIP, to be read after "found". */
export function describeBytes(start: Buffer): Words {
  if (start.length === 0) return { en: 'an empty file', zh: '空文件' }
  const text = start.toString('latin1')
  const magic = MAGICS.find(([bytes]) => text.startsWith(bytes))
  if (magic) return magic[1]
  // POSIX tar has its magic behind the first header's name, mode and size.
  if (text.slice(257, 262) === 'ustar') return { en: 'a tar archive', zh: ' tar 压缩包' }
  if (/^\s*<(!doctype html|html)/i.test(text)) return { en: 'a web page', zh: '网页' }
  return looksLikeText(start)
    ? { en: 'a text file', zh: '文本文件' }
    : { en: 'bytes of no known format', zh: '未知格式的内容' }
}

function looksLikeText(start: Buffer): boolean {
  // A cut in the middle of a character is no reason: the last three bytes may be left out.
  const whole = [0, 1, 2, 3].some((less) => isUtf8(start.subarray(0, start.length - less)))
  return whole && !/[\x00-\x08\x0e-\x1a\x1c-\x1f]/.test(start.toString('latin1'))
}
