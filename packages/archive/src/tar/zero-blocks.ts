const BLOCK_BYTES = 512
const ZEROS = Buffer.alloc(BLOCK_BYTES)
/** More than any reader is ahead of another; older ones are certain by then. */
const KEPT_MAX = 4096

/** Watches a tar's blocks for zeros outside of contents: they end the archive for some readers. */
export interface ZeroBlocks {
  note(chunk: Buffer): void
  /** Whether one lies before an entry that begins at `start`; its content lasts until `end`. */
  precede(start: number, end: number): boolean
}

export function watchZeroBlocks(): ZeroBlocks {
  let at = 0
  let rest: Buffer = Buffer.alloc(0)
  /** Offsets of zero blocks behind all contents that are known. */
  let found: number[] = []
  /** Up to here all is explained. */
  let settled = 0
  const look = (block: Buffer) => {
    const isZero = block[0] === 0 && block.equals(ZEROS)
    if (isZero && at >= settled && found.length < KEPT_MAX) found.push(at)
    at += BLOCK_BYTES
  }
  return {
    note: (chunk) => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const whole = bytes.length - (bytes.length % BLOCK_BYTES)
      for (let from = 0; from < whole; from += BLOCK_BYTES) {
        look(bytes.subarray(from, from + BLOCK_BYTES))
      }
      rest = bytes.subarray(whole)
    },
    precede: (start, end) => {
      const between = found.some((offset) => offset < start)
      settled = Math.ceil(end / BLOCK_BYTES) * BLOCK_BYTES
      found = found.filter((offset) => offset >= settled)
      return between
    },
  }
}
