import type { ArchiveContent } from '@packline/archive'
import type { BuildRequest, SourceKind, SourceOf, SourcePin } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import type { Around, Tree } from '../tree.ts'
import type { Workbench } from '../workbench.ts'

/** A fetched source: a tree, or an archive that the next step opens; pinned either way. */
export type FetchedSource = { pin: SourcePin; around?: () => Promise<Around | undefined> } & (
  | { tree: Tree }
  | { archive: ArchiveContent; size: number; sha256: string }
  /** A tar.gz, which is only ever source. */
  | { tarball: ArchiveContent }
)

/** Where code comes from. Throws SOURCE_NOT_FOUND, SOURCE_NOT_ALLOWED, SOURCE_UNREACHABLE. */
export interface Source<K extends SourceKind> {
  kind: K
  /** Pins what it found (commit, sha256) and tells the reporter before it is used. */
  fetch(
    spec: SourceOf<K>,
    context: BuildContext,
    bench: Workbench,
    build: BuildRequest['build'],
  ): Promise<FetchedSource>
}
