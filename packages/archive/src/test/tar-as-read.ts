import { gzipSync } from 'node:zlib'
import { readTar } from '../tar/read-tar.ts'
import { readTarEntry } from '../tar/tar-entry.ts'
import { limits } from './refuses.ts'

/** Path -> kind and content, or what a link leads to; content as latin1, a character for a byte. */
export async function asGateReads(tar: Buffer): Promise<Record<string, string>> {
  const read: Record<string, string> = {}
  await readTar({ bytes: gzipSync(tar, { level: 1 }) }, { limits }, async ({ header, content }) => {
    const entry = readTarEntry(header)
    if (!entry) return
    const bytes = Buffer.concat(await Array.fromAsync(content))
    read[entry.path] = `${entry.kind} ${entry.same ?? entry.linkTarget ?? bytes.toString('latin1')}`
  })
  return read
}
