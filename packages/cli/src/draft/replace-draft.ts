import type { PackageEntry } from '@packline/archive'
import type { Client } from '@packline/client'
import { type DraftView, LIMITS, PacklineError } from '@packline/shared'
import { uploadZip } from '../source/upload-zip.ts'

interface Replacement {
  name: string
  /** The folder as it was named. */
  given: string
  draft: Pick<DraftView, 'etag'>
  entries: readonly PackageEntry[]
}

/**
 * Files as one ZIP in place of all of the draft's, if it still is what was looked at; answers its
 * new version. A save of single files has room for few of them, and for no link.
 */
export async function replaceDraft(
  client: Pick<Client, 'limits' | 'upload' | 'importDraft'>,
  { name, given, draft, entries }: Replacement,
  signal: AbortSignal,
): Promise<number> {
  await checkSize(client, given, entries)
  if (entries.length === 0) {
    throw new PacklineError('INVALID_REQUEST', `There is nothing in ${given} to push`, {
      hint: `packline functions files rm ${name} --all deletes all online files.`,
    })
  }
  const upload = await uploadZip(client, entries, signal)
  try {
    const { version } = await client.importDraft(name, { upload }, { ifMatch: draft.etag })
    return version
  } catch (cause) {
    if (!(cause instanceof PacklineError) || cause.code !== 'PRECONDITION_FAILED') throw cause
    throw new PacklineError(cause.code, 'The draft was changed while the folder was sent', {
      hint: 'Nothing was written. Say the same again: it tells what differs.',
      cause,
    })
  }
}

/** A larger one would only be listed, and could be edited by nobody (rule unpack-to-edit). */
async function checkSize(
  client: Pick<Client, 'limits'>,
  given: string,
  entries: readonly PackageEntry[],
): Promise<void> {
  const { editorBytesMax } = (await client.limits()).platform
  const bytes = entries.reduce((sum, { size }) => sum + size, 0)
  if (bytes <= editorBytesMax && entries.length <= LIMITS.draftEntriesMax) return
  const most = `at most ${editorBytesMax} bytes in ${LIMITS.draftEntriesMax} files`
  const what = `${given} holds ${bytes} bytes in ${entries.length} files; ${most} are edited online`
  throw new PacklineError('UNPACKED_TOO_LARGE', what, {
    hint: 'packline functions build NAME FOLDER builds it as it is, and leaves the draft alone.',
  })
}
