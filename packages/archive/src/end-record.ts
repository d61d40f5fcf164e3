import type { ByteSource } from './byte-source.ts'
import { describeBytes, MAGIC_BYTES, startsLikeZip } from './magic.ts'
import { ArchiveRefusal, type Found } from './refusal.ts'

/** Where the central directory lies and how many entries it says it has. */
export interface DirectoryPlace {
  offset: number
  size: number
  entries: number
}

// Lengths and signatures: APPNOTE.TXT 6.3.10, parts 4.3.14 to 4.3.16.
const END_BYTES = 22
const COMMENT_BYTES_MAX = 0xffff
const LOCATOR_BYTES = 20
const END64_BYTES = 56
const END_SIGNATURE = Buffer.from('PK\x05\x06', 'latin1')
const LOCATOR_SIGNATURE = 0x07064b50
const END64_SIGNATURE = 0x06064b50

interface Claims {
  disk: number
  directoryDisk: number
  entriesOnDisk: number
  entries: number
  size: number
  offset: number
}

/** Finds the one end record there may be; FORMAT when the bytes are no ZIP at all. */
export async function readEndRecord(source: ByteSource): Promise<DirectoryPlace> {
  const tailBytes = Math.min(
    source.size,
    END_BYTES + COMMENT_BYTES_MAX + END64_BYTES + LOCATOR_BYTES,
  )
  const tailStart = source.size - tailBytes
  const tail = await source.read(tailStart, tailBytes)
  const at = tail.lastIndexOf(END_SIGNATURE)
  if (at < 0 || at + END_BYTES > tail.length) throw await withoutEnd(source)
  checkComment(tail, at)

  const claims = claimsOf(tail, at)
  const hasLocator =
    at >= LOCATOR_BYTES && tail.readUInt32LE(at - LOCATOR_BYTES) === LOCATOR_SIGNATURE
  const directoryEnd = tailStart + at - (hasLocator ? LOCATOR_BYTES + END64_BYTES : 0)
  const real = hasLocator ? readEnd64(tail, at, directoryEnd, claims) : claims
  if (real.disk !== 0 || real.directoryDisk !== 0 || real.entriesOnDisk !== real.entries) {
    throw new ArchiveRefusal('multi-disk', undefined, 'The archive is one part of a split archive')
  }
  await checkPlace(source, real, directoryEnd)
  return { offset: real.offset, size: real.size, entries: real.entries }
}

async function withoutEnd(source: ByteSource): Promise<ArchiveRefusal> {
  const start = await source.read(0, Math.min(MAGIC_BYTES, source.size))
  if (startsLikeZip(start)) {
    return new ArchiveRefusal(
      'cut',
      undefined,
      {
        en: `The archive has no end record in its ${source.size} bytes; the end of the file is missing`,
        zh: `压缩包的 ${source.size} 字节中没有结尾记录；文件缺少结尾`,
      },
      { hint: 'Send the archive again; it was cut on its way.' },
    )
  }
  return new ArchiveRefusal(
    'not-a-zip',
    undefined,
    {
      en: `Found ${describeBytes(start).en}; expected a ZIP archive`,
      zh: `实际为${describeBytes(start).zh}；应为 ZIP 压缩包`,
    },
    { hint: 'Pack the files as a ZIP; renaming a file does not change what it is.' },
  )
}

/**
 * Readers search the end record from the back, some only accept one whose comment ends the file:
 * an archive in which the two find different records has two contents and is refused.
 */
function checkComment(tail: Buffer, last: number): void {
  const reaches = (at: number) => at + END_BYTES + tail.readUInt16LE(at + 20) - tail.length
  for (let at = last - 1; at >= 0; at -= 1) {
    at = tail.lastIndexOf(END_SIGNATURE, at)
    if (at < 0) break
    if (at + END_BYTES <= tail.length && reaches(at) === 0) {
      throw new ArchiveRefusal('ambiguous-end', undefined, 'The archive has two end records')
    }
  }
  const past = reaches(last)
  if (past === 0) return
  if (past > 0) {
    throw new ArchiveRefusal('cut', undefined, {
      en: `The last ${past} bytes of the archive are missing`,
      zh: `压缩包缺少最后 ${past} 字节`,
    })
  }
  throw new ArchiveRefusal('trailing', undefined, {
    en: `${-past} bytes follow the end of the archive; expected none`,
    zh: `压缩包结尾之后还有 ${-past} 字节；应没有`,
  })
}

function claimsOf(tail: Buffer, at: number): Claims {
  return {
    disk: tail.readUInt16LE(at + 4),
    directoryDisk: tail.readUInt16LE(at + 6),
    entriesOnDisk: tail.readUInt16LE(at + 8),
    entries: tail.readUInt16LE(at + 10),
    size: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  }
}

/** The Zip64 record must stand right before its locator and say the same as the end record. */
function readEnd64(tail: Buffer, end: number, expectedAt: number, claims: Claims): Claims {
  const locator = end - LOCATOR_BYTES
  const at = locator - END64_BYTES
  const lies = (found: Found) => new ArchiveRefusal('zip64-lies', undefined, found)
  if (at < 0 || tail.readUInt32LE(at) !== END64_SIGNATURE) {
    throw lies('The Zip64 end record does not stand right before its locator')
  }
  const says = readUInt64(tail, locator + 8)
  if (says !== expectedAt || tail.readUInt32LE(locator + 4) !== 0) {
    throw lies({
      en: `The Zip64 locator says byte ${says}; the record stands at byte ${expectedAt}`,
      zh: `ZIP64 定位记录说在第 ${says} 字节；记录在第 ${expectedAt} 字节`,
    })
  }
  if (readUInt64(tail, at + 4) !== END64_BYTES - 12) {
    throw lies({
      en: 'The Zip64 end record has another length than 44 bytes',
      zh: 'ZIP64 结尾记录的长度不是 44 字节',
    })
  }
  if (tail.readUInt32LE(locator + 16) > 1) {
    throw new ArchiveRefusal('multi-disk', undefined, 'The archive is one part of a split archive')
  }
  const real: Claims = {
    disk: tail.readUInt32LE(at + 16),
    directoryDisk: tail.readUInt32LE(at + 20),
    entriesOnDisk: readUInt64(tail, at + 24),
    entries: readUInt64(tail, at + 32),
    size: readUInt64(tail, at + 40),
    offset: readUInt64(tail, at + 48),
  }
  for (const field of Object.keys(real) as (keyof Claims)[]) {
    const unset = field === 'size' || field === 'offset' ? 0xffffffff : 0xffff
    if (claims[field] === unset || claims[field] === real[field]) continue
    throw lies({
      en: `The two end records differ: ${field} is ${claims[field]} and ${real[field]}`,
      zh: `两个结尾记录不一致：${field} 分别是 ${claims[field]} 和 ${real[field]}`,
    })
  }
  return real
}

/** A number beyond 2^53 is larger than any file and stays so as a float: range checks refuse it. */
export function readUInt64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000
}

/** The directory must end where the end records begin; when it does not, the likely reason. */
async function checkPlace(source: ByteSource, real: Claims, end: number): Promise<void> {
  const between = end - (real.offset + real.size)
  if (between === 0) return
  if (between > 0 && real.size <= end) {
    const shifted = end - real.size
    const start = real.size >= 4 ? await source.read(shifted, 4) : undefined
    // The directory itself is whole but its offsets count from a later byte.
    if (start === undefined || start.readUInt32LE(0) === 0x02014b50) {
      throw prefixRefusal(await source.read(0, Math.min(2, source.size)), between)
    }
  }
  throw new ArchiveRefusal('directory-damaged', undefined, {
    en: `The directory should end at byte ${end}; by its place and size it ends at ${end - between}`,
    zh: `目录应在第 ${end} 字节结束；按其位置和大小却在第 ${end - between} 字节结束`,
  })
}

/** Bytes before the first entry: some readers skip them, others read entries out of them. */
export function prefixRefusal(start: Buffer, bytes: number): ArchiveRefusal {
  const script = start.toString('latin1', 0, 2) === '#!'
  return new ArchiveRefusal(
    'prefix',
    undefined,
    {
      en: `${bytes} bytes${script ? ' (a launch script)' : ''} stand before the first entry, not none`,
      zh: `第一个条目之前有 ${bytes} 字节${script ? '（启动脚本）' : ''}；应没有`,
    },
    {
      hint: script
        ? 'Build the jar without its launch script (Spring Boot: executable false).'
        : 'Make a plain ZIP, not one that extracts itself.',
    },
  )
}
