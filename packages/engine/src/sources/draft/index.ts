import { failed, PacklineError } from '@packline/shared'
import { bringArchive } from '../../stored-archive.ts'
import { sourceFailures, TITLES } from '../../texts/failures/sources.ts'
import type { Source } from '../source.ts'

/**
 * The online files of a function as they were when the build was accepted: one archive in the
 * store, which no later edit changes. A small one never touches the disk.
 */
export const draftSource: Source<'draft'> = {
  kind: 'draft',
  fetch: async ({ version, sha256, upload }, { openUpload, openDraft, signal }, bench) => {
    if (version === undefined || sha256 === undefined) {
      throw new PacklineError('BUG', 'The draft was not pinned when the build was accepted')
    }
    const object = await (upload ? openUpload(sha256) : openDraft(sha256))
    if (!object) throw lost(version)
    const { size } = object
    const stored = { ...object, title: TITLES.draft(version), sha256 }
    const place = { bench, folder: 'fetched', file: 'draft.zip' }
    const archive = await bringArchive(stored, place, signal)
    return { pin: { kind: 'draft', version, sha256 }, archive, size, sha256 }
  },
}

function lost(version: number): PacklineError {
  return failed('SOURCE_NOT_FOUND', sourceFailures.noDraft(version))
}
