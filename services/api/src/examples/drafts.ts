import type { DraftEntryView, DraftView } from '@packline/shared'

export const ENTRY: DraftEntryView = {
  path: 'index.js',
  kind: 'file',
  size: 38,
  sha256: 'e'.repeat(64),
  executable: false,
  binary: false,
  etag: `"${'e'.repeat(64)}"`,
}

export const DRAFT: DraftView = {
  version: 3,
  etag: '"draft-3"',
  editable: true,
  files: 1,
  size: 38,
  entries: [ENTRY],
}

export const CHANGE = { version: 4, etag: '"draft-4"' }
