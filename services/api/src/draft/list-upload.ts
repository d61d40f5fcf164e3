import { listArchive } from '@packline/archive'
import { type DraftArchive, type DraftEntryView, failed, STORE_KEYS } from '@packline/shared'
import type { Store } from '@packline/stores'
import { rangesOf } from '../stored-ranges.ts'
import { draftFailures } from '../texts/drafts.ts'

/** The entries of an archive that is listed and not opened, from its directory alone. */
export async function listUpload(
  { upload, size, entryNameEncoding }: DraftArchive,
  tenant: string,
  store: Store,
): Promise<DraftEntryView[]> {
  const gone = () => failed('STORE_UNAVAILABLE', draftFailures.uploadLost())
  const read = rangesOf(STORE_KEYS.upload(tenant, upload, 'zip'), store, gone)
  const entries = await listArchive(size, read, { entryNameEncoding })
  return entries.map(({ path, kind, size, executable }) => {
    return { path, kind, size, executable, binary: false }
  })
}
