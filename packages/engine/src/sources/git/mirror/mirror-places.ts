import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { BuildContext } from '../../../context.ts'
import type { HostRemote, Remote } from '../remote.ts'

/** A folder below the mirrors' that is put together or removed; never one that is looked for. */
export const UNFINISHED = 'new.'

/** Only what comes from a server: a repository on this machine's disk is read as fast as a copy. */
export function isMirrored(
  remote: Remote,
  { mirrorsBytesMax }: BuildContext,
): remote is HostRemote {
  return remote.kind === 'host' && mirrorsBytesMax > 0
}

/** A tenant's mirrors. Builds' tools see another folder of the cache, never this one. */
export function mirrorsOf({ cacheFolder, tenant }: BuildContext): string {
  return join(cacheFolder, tenant, 'git')
}

/** How the names of a repository's mirrors begin; the rest is chosen when one is begun. */
export function mirrorPrefix({ url }: HostRemote): string {
  return `${createHash('sha256').update(url).digest('hex')}.`
}
