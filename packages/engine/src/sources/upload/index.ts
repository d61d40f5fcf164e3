import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { LIMITS, PacklineError } from '@packline/shared'
import type { BuildContext } from '../../context.ts'
import type { Workbench } from '../../workbench.ts'
import type { FetchedSource, Source } from '../source.ts'

/** A ZIP or JAR that was uploaded before; its id is its sha256. */
export const uploadSource: Source<'upload'> = {
  kind: 'upload',
  fetch: async (spec, context, bench) => {
    const pin = { kind: 'upload', sha256: spec.upload } as const
    const object = await context.openUpload(spec.upload)
    if (!object) throw noUpload(spec.upload)
    if (object.size > LIMITS.memoryTreeBytesMax) {
      return {
        ...(await toDisk(object, spec.upload, context, bench)),
        pin: { ...pin, size: object.size },
      }
    }
    const bytes = await buffer(object.stream)
    checkDigest(createHash('sha256').update(bytes).digest('hex'), spec.upload)
    const { size } = object
    return { pin: { ...pin, size }, archive: { bytes }, size, sha256: spec.upload }
  },
}

async function toDisk(
  object: { size: number; stream: NodeJS.ReadableStream },
  sha256: string,
  context: BuildContext,
  bench: Workbench,
): Promise<Omit<Extract<FetchedSource, { archive: unknown }>, 'pin'>> {
  const path = join(await bench.folder('fetched'), 'upload.zip')
  const hash = createHash('sha256')
  object.stream.on('data', (chunk: Buffer) => hash.update(chunk))
  await pipeline(object.stream, createWriteStream(path), { signal: context.signal })
  checkDigest(hash.digest('hex'), sha256)
  return { archive: { path }, size: object.size, sha256 }
}

function checkDigest(found: string, expected: string): void {
  if (found === expected) return
  throw new PacklineError('STORE_UNAVAILABLE', `The upload ${expected} came as ${found}`)
}

function noUpload(upload: string): PacklineError {
  return new PacklineError('SOURCE_NOT_FOUND', `There is no upload ${upload}`, {
    hint: 'Upload the archive again with POST /v1/uploads and use the id it answers.',
  })
}
