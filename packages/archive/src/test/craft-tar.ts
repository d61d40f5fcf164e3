import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'

/** One entry as a maker, honest or not, would write it. */
export interface CraftedTar {
  name: string
  content?: string | Buffer
  type?: 'file' | 'link' | 'symlink' | 'directory' | 'fifo' | 'character-device' | 'block-device'
  linkname?: string
  mode?: number
  pax?: Record<string, string>
  /** The header's own bytes, changed before its checksum is written again. */
  change?: (header: Buffer) => void
}

export async function craftTar(entries: readonly CraftedTar[]): Promise<Buffer> {
  const parts: Buffer[] = []
  for (const { name, content = '', change, ...rest } of entries) {
    const packer = pack()
    const mtime = new Date(0)
    packer.entry({ name, mode: 0o644, ...rest, mtime }, content)
    packer.finalize()
    const bytes = await buffer(packer as unknown as AsyncIterable<Buffer>)
    // Without the zeros at its end, which a packer writes for each.
    const whole = bytes.subarray(0, bytes.length - 1024)
    if (change) {
      change(whole)
      signTar(whole)
    }
    parts.push(whole)
  }
  return Buffer.concat(parts)
}

/** Two blocks of zeros. */
export const TAR_END = Buffer.alloc(1024)

export async function craftTarGz(entries: readonly CraftedTar[]): Promise<Buffer> {
  return gzipSync(Buffer.concat([await craftTar(entries), TAR_END]))
}

/** A header of that type, with content for whatever comes behind it. */
export function block(type: string, content: string | Buffer): CraftedTar {
  return { name: 'header', content, change: (header) => header.write(type, 156, 'latin1') }
}

/** Writes the checksum of a header that was changed. */
export function signTar(header: Buffer): void {
  header.fill(' ', 148, 156)
  let sum = 0
  for (let at = 0; at < 512; at += 1) sum += header[at] ?? 0
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
}
