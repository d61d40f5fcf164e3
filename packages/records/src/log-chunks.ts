import { LIMITS } from '@packline/shared'

const LINE_FEED = 1

/**
 * Lines as chunks of at most LIMITS.logChunkBytesMax bytes of UTF-8, each line ended by a line
 * feed. A line that is longer than a chunk goes on in the next one.
 */
export function toChunks(lines: readonly string[]): string[] {
  const chunks: string[] = []
  let chunk = ''
  let bytes = 0
  for (const piece of lines.flatMap(cutLine)) {
    const size = Buffer.byteLength(piece)
    if (bytes + size > LIMITS.logChunkBytesMax) {
      chunks.push(chunk)
      chunk = ''
      bytes = 0
    }
    chunk += piece
    bytes += size
  }
  if (chunk !== '') chunks.push(chunk)
  return chunks
}

function cutLine(line: string): string[] {
  const size = Buffer.byteLength(line) + LINE_FEED
  if (size <= LIMITS.logChunkBytesMax) return [`${line}\n`]
  const bytes = Buffer.from(`${line}\n`)
  const pieces: string[] = []
  for (let from = 0; from < bytes.length; ) {
    const to = characterStart(bytes, from + LIMITS.logChunkBytesMax)
    pieces.push(bytes.toString('utf8', from, to))
    from = to
  }
  return pieces
}

/** The last place up to `at` where a character begins: UTF-8 goes on with bytes 10xxxxxx. */
function characterStart(bytes: Buffer, at: number): number {
  if (at >= bytes.length) return bytes.length
  let place = at
  while (((bytes[place] ?? 0) & 0xc0) === 0x80) place -= 1
  return place
}
