import { failed, type PacklineError } from '@packline/shared'
import { bringArchive } from '../../stored-archive.ts'
import { sourceFailures, TITLES } from '../../texts/failures/sources.ts'
import type { Source } from '../source.ts'

/** A ZIP or JAR that was uploaded before; its id is its sha256. */
export const uploadSource: Source<'upload'> = {
  kind: 'upload',
  fetch: async ({ upload }, { openUpload, signal }, bench) => {
    const object = await openUpload(upload)
    if (!object) throw noUpload(upload)
    const { size } = object
    const stored = { ...object, title: TITLES.upload(upload), sha256: upload }
    const place = { bench, folder: 'fetched', file: 'upload.zip' }
    const archive = await bringArchive(stored, place, signal)
    return { pin: { kind: 'upload', sha256: upload, size }, archive, size, sha256: upload }
  },
}

function noUpload(upload: string): PacklineError {
  return failed('SOURCE_NOT_FOUND', sourceFailures.noUpload(upload))
}
