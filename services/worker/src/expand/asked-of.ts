import type { RepositoryAsked } from '@packline/engine'
import type { ExpansionRecord } from '@packline/records'
import { beginningOf, isNoCommit } from '@packline/shared'

const MANIFEST = 'packline.yaml'

/**
 * What is read for an expansion: a manifest or a listed function's folders at a commit, and since
 * when changes count. Undefined where a ref was deleted: there is nothing to read.
 */
export function askedOf(record: ExpansionRecord): RepositoryAsked | undefined {
  const { spec, commit } = record
  if (spec.kind === 'manifest') {
    const { path, ref, ...repository } = spec.source
    const manifest = path === undefined ? MANIFEST : `${path}/${MANIFEST}`
    return { ...repository, ref: commit ?? ref, functions: { manifest }, since: spec.since }
  }
  const { source, functions, ref, after } = spec
  if (spec.deleted || (after !== undefined && isNoCommit(after))) return undefined
  const since = beginningOf(spec)
  const at = commit ?? after ?? ref
  return { ...source, ref: at, functions, since, gap: gapBefore(record, since, at) }
}

/** Where it does not begin or end at the commit up to which all pushes were worked off. */
function gapBefore(
  { reached, spec }: ExpansionRecord,
  since: string | undefined,
  at: string,
): RepositoryAsked['gap'] {
  if (!reached || spec.kind === 'manifest') return undefined
  const read = isNoCommit(reached.commit) ? undefined : reached.commit
  return read === since || read === at ? undefined : { branch: spec.ref, read }
}
