import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { ArchiveContent } from '@packline/archive'
import { LIMITS, PacklineError } from '@packline/shared'
import type { BuildContext } from '../../context.ts'
import type { Source } from '../source.ts'

/** A ZIP or JAR that was uploaded before; its id is its sha256. */
export const uploadSource: Source<'upload'> = {
  kind: 'upload',
  fetch: async ({ upload }, { openUpload, signal }, bench) => {
    const object = await openUpload(upload)
    if (!object) throw noUpload(upload)
    const { size, stream } = object
    const chunks = checked(stream, size, upload, signal)
    const archive: ArchiveContent =
      size <= LIMITS.memoryTreeBytesMax
        ? { bytes: Buffer.concat(await Array.fromAsync(chunks)) }
        : await toFile(chunks, join(await bench.folder('fetched'), 'upload.zip'))
    return { pin: { kind: 'upload', sha256: upload, size }, archive, size, sha256: upload }
  },
}

/** What the store gives, no more of it than announced, and at its end held against its id. */
async function* checked(
  stream: Readable,
  size: number,
  upload: string,
  signal: BuildContext['signal'],
): AsyncGenerator<Buffer> {
  const abort = () => stream.destroy(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  // A build may have been stopped while the store was asked.
  if (signal.aborted) abort()
  const hash = createHash('sha256')
  let left = size
  try {
    for await (const chunk of stream) {
      left -= chunk.length
      if (left < 0) throw mismatch(upload, `more than its ${size} bytes`)
      hash.update(chunk)
      yield chunk
    }
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof PacklineError ? error : broken(upload, error)
  } finally {
    signal.removeEventListener('abort', abort)
  }
  signal.throwIfAborted()
  const found = hash.digest('hex')
  if (found !== upload) throw mismatch(upload, `${size - left} bytes of digest ${found}`)
}

async function toFile(chunks: AsyncIterable<Buffer>, path: string): Promise<ArchiveContent> {
  const file = await open(path, 'wx')
  try {
    for await (const chunk of chunks) await file.writeFile(chunk)
  } finally {
    await file.close()
  }
  return { path }
}

function mismatch(upload: string, found: string): PacklineError {
  return new PacklineError('CONTENT_MISMATCH', `The upload ${upload} came as ${found}`)
}

function broken(upload: string, cause: unknown): PacklineError {
  const what = `The store broke off in the middle of the upload ${upload}`
  return new PacklineError('STORE_UNAVAILABLE', what, { cause })
}

function noUpload(upload: string): PacklineError {
  return new PacklineError('SOURCE_NOT_FOUND', `There is no upload ${upload}`, {
    hint: 'Upload the archive again with POST /v1/uploads and use the id it answers.',
  })
}
