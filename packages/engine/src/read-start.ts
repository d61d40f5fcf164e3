import type { Archive } from '@packline/archive'

/** The first bytes of an entry, at most `bytesMax`; the rest is not inflated. */
export async function readStart(archive: Archive, path: string, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  // Leaving the loop destroys the stream.
  for await (const chunk of await archive.open(path)) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= bytesMax) break
  }
  return Buffer.concat(chunks).subarray(0, bytesMax)
}
