import { FAILURES, PacklineError } from '@packline/shared'
import { closeRepository } from '../repository.ts'
import type { GitWork } from '../run-git.ts'
import { removeMirror } from './make-room.ts'
import { findMirror } from './mirror.ts'

/**
 * Makes something with what the repository's mirror has. Where that fails and it is not the
 * server's last word, once more from the server alone; if that does better, the mirror goes.
 */
export async function withMirror<T>(
  work: GitWork,
  make: (work: GitWork) => Promise<T>,
): Promise<T> {
  const { remote, context, isPartial } = work
  const mirror = await findMirror(remote, context, isPartial)
  if (!mirror) return make(work)
  try {
    return await make({ ...work, mirror })
  } catch (error) {
    if (context.signal.aborted || isLastWord(error)) throw error
  }
  await closeRepository(work)
  const made = await make(work)
  await removeMirror(mirror.folder)
  return made
}

/** What a server that is asked again would say again. */
function isLastWord(error: unknown): boolean {
  return error instanceof PacklineError && !FAILURES[error.code].retry
}
