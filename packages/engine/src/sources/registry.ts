import type { SourceKind, SourceSpec } from '@packline/shared'
import { draftSource } from './draft/index.ts'
import { folderSource } from './folder/index.ts'
import { gitSource } from './git/index.ts'
import { inlineSource } from './inline/index.ts'
import { objectSource } from './object/index.ts'
import type { FetchedSource, Source } from './source.ts'
import { uploadSource } from './upload/index.ts'
import { urlSource } from './url/index.ts'

const SOURCES = {
  inline: inlineSource,
  upload: uploadSource,
  git: gitSource,
  url: urlSource,
  object: objectSource,
  folder: folderSource,
  draft: draftSource,
} satisfies { [K in SourceKind]: Source<K> }

/** The source of a kind; its `fetch` takes specs of that kind. */
export function sourceOf(spec: SourceSpec) {
  // Each entry takes its own kind, which the table's type proves and an index into it forgets.
  return SOURCES[spec.kind] as { fetch: (...given: unknown[]) => Promise<FetchedSource> }
}
