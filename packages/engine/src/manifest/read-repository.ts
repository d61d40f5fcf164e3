import type { ListedFunction, Words } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import { fetchOne } from '../sources/git/fetch-commit.ts'
import { withMirror } from '../sources/git/mirror/with-mirror.ts'
import { openWork } from '../sources/git/open-work.ts'
import { openRepository } from '../sources/git/repository.ts'
import type { GitWork } from '../sources/git/run-git.ts'
import { openWorkbench } from '../workbench.ts'
import { functionsAt, type Listing } from './list-functions.ts'
import { type RangeBegin, readRange } from './read-range.ts'

export interface RepositoryAsked extends RangeBegin {
  url: string
  /** Branch, tag or commit. */
  ref: string
  /** The tenant's credential by name; without one that of its server, if any. */
  credential?: string
  functions: Listing
}

export interface RepositoryRead {
  commit: string
  /** Paths are from the root; without one it is the function's. */
  functions: readonly FunctionRead[]
  /** Whether there was a gap that it did not close, since the branch has gone on. */
  behind: boolean
  warnings: Words[]
}

/** `overtaken`: its commit is behind, and the branch's head has the function otherwise. */
export type FunctionRead = ListedFunction & { touched: boolean; overtaken: boolean }

const LIMIT_MS = 10 * 60_000

/**
 * What a commit of a repository lists, and which of that a range of commits touched: what lies in a
 * function's folder, in its shared paths, or its entry of the manifest. git tells it by comparing
 * what both commits hold; no history is needed. Throws as a git source does, and MANIFEST_INVALID.
 */
export async function readRepository(
  asked: RepositoryAsked,
  context: BuildContext,
): Promise<RepositoryRead> {
  const bench = openWorkbench(context, LIMIT_MS)
  try {
    const work = await openWork(asked, context, bench)
    // It adds nothing to the mirror: what it reads, the builds that follow fetch anyway.
    return await withMirror({ ...work, isPartial: true }, (own) => readCommit(own, asked))
  } finally {
    await bench.close()
  }
}

async function readCommit(work: GitWork, asked: RepositoryAsked): Promise<RepositoryRead> {
  await openRepository(work)
  const commit = await fetchOne(work)
  const functions = await functionsAt(work, commit, asked.functions)
  const range = await readRange(work, { commit, functions, listing: asked.functions }, asked)
  const told = functions.map((one) => ({
    ...one,
    touched: range.isTouched(one),
    overtaken: range.isOvertaken(one),
  }))
  return { commit, functions: told, behind: range.behind, warnings: range.warnings }
}
