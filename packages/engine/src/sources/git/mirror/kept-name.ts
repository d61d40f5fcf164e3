import { createHash } from 'node:crypto'
import { isCommit } from '../remote.ts'

/**
 * The name of what is kept of a commit in a mirror: the commit's own for all of it, with something
 * behind it for what lies at a path.
 */
export function keptName(commit: string, path?: string): string {
  if (path === undefined) return commit
  return `${commit}.${createHash('sha256').update(path).digest('hex').slice(0, 16)}`
}

/** Undefined for what is no such name. */
export function commitIn(kept: string): string | undefined {
  const [commit = ''] = kept.split('.', 1)
  return isCommit(commit) ? commit : undefined
}
