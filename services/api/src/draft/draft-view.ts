import type { Draft } from '@packline/records'
import type {
  DraftEntry,
  DraftEntryView,
  DraftView,
  FunctionSettings,
  Language,
} from '@packline/shared'
import { readOnlyBecause } from './edit-draft.ts'
import { draftTag, entryTag } from './etag.ts'

/** All that a reader sees of a draft; `listed` are the entries of an archive that is not opened. */
export function toDraftView(
  settings: FunctionSettings,
  draft: Draft,
  language: Language,
  listed?: readonly DraftEntryView[],
): DraftView {
  const { version, archive } = draft
  const reason = readOnlyBecause(settings, draft)
  const entries = listed ?? [...draft.entries].map(([path, entry]) => toEntryView(path, entry))
  return {
    version,
    etag: draftTag(version),
    editable: reason === undefined,
    reason: reason?.[language],
    upload: archive?.upload,
    files: entries.filter(({ kind }) => kind !== 'folder').length,
    size: entries.reduce((sum, { size }) => sum + size, 0),
    entries: [...entries],
  }
}

export function toEntryView(path: string, entry: DraftEntry): DraftEntryView {
  const { kind, size, sha256, executable = false, binary = false, linkTarget } = entry
  return { path, kind, size, sha256, executable, binary, linkTarget, etag: entryTag(entry) }
}
