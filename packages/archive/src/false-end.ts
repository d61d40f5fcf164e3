import { crc32 } from 'node:zlib'
import type { CentralRecord } from './directory.ts'
import { createPause } from './pause.ts'
import { ArchiveRefusal } from './refusal.ts'

const SIGNATURE = 0x08074b50
const SIGNATURE_START = 0x50
/** Signature, checksum, low half of the packed size: both forms have these in the same places. */
const COMPARED_BYTES = 12
/** Sixteen of them, full of signatures, take milliseconds; then `Pause` looks at the clock. */
const SLICE_BYTES = 4096

/** Watches stored content go by, from its first byte to its last; refuses when it seems to end. */
export interface FalseEndWatch {
  see(piece: Buffer): Promise<void>
  /** All was seen: what follows is the real descriptor. */
  end(): Promise<void>
}

/**
 * Who streams stored content with a data descriptor finds its end by searching for one that agrees
 * with what was read: in its size, or in its checksum alone, as libarchive does. A false one before
 * the real end would cut the file there, and what follows be read as entries that the gate never
 * saw. Content that merely holds descriptors, such as an archive, agrees with none of them.
 */
export function watchForFalseEnd(path: string, record: CentralRecord): FalseEndWatch {
  const pause = createPause(undefined)
  /** Seen and not yet judged, since a descriptor may begin in it; `start` is its place. */
  let held: Buffer = Buffer.alloc(0)
  let start = 0
  /** Of all before `start`. */
  let crc = 0
  const judge = (piece: Buffer) => {
    const bytes = held.length > 0 ? Buffer.concat([held, piece]) : piece
    const last = bytes.length - COMPARED_BYTES
    let done = 0
    const goOn = (to: number) => {
      crc = crc32(bytes.subarray(done, to), crc)
      done = to
    }
    // By hand: content full of signatures would be a call of `indexOf` for each.
    for (let at = 0; at <= last; at += 1) {
      if (bytes[at] !== SIGNATURE_START || bytes.readUInt32LE(at) !== SIGNATURE) continue
      goOn(at)
      const agrees =
        bytes.readUInt32LE(at + 4) === crc || bytes.readUInt32LE(at + 8) === lowHalf(start + at)
      if (agrees) throw falseEnd(path, start + at)
    }
    goOn(Math.max(done, last + 1))
    start += done
    held = bytes.subarray(done)
  }
  return {
    async see(piece) {
      for (let at = 0; at < piece.length; at += SLICE_BYTES) {
        judge(piece.subarray(at, at + SLICE_BYTES))
        const tired = pause()
        if (tired) await tired
      }
    },
    // A false one can lie in the content by half; one byte short, so that the real one is none.
    end: async () => judge(startOfDescriptor(record).subarray(0, -1)),
  }
}

function startOfDescriptor({ crc, compressedSize }: CentralRecord): Buffer {
  const bytes = Buffer.alloc(COMPARED_BYTES)
  bytes.writeUInt32LE(SIGNATURE, 0)
  bytes.writeUInt32LE(crc, 4)
  bytes.writeUInt32LE(lowHalf(compressedSize), 8)
  return bytes
}

/** The narrow form has no more of a size, and by chance no other size has the same. */
function lowHalf(number: number): number {
  return number % 0x1_0000_0000
}

function falseEnd(path: string, at: number): ArchiveRefusal {
  return new ArchiveRefusal('descriptor', path, {
    en: `at byte ${at} of its content stands a data descriptor that a streaming reader takes for its end`,
    zh: `其内容的第 ${at} 字节处有一个数据描述符，流式读取的程序会把它当作条目的结尾`,
  })
}
