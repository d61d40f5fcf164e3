import { realpath, stat } from 'node:fs/promises'
import { failed } from '@packline/shared'
import type { BuildContext } from '../../context.ts'
import { gitFailures } from '../../texts/failures/git.ts'
import { noTool } from '../../tools/missing.ts'
import type { Workbench } from '../../workbench.ts'
import { accessOf } from './access.ts'
import { checkRef, type Remote, remoteOf } from './remote.ts'
import type { GitWork } from './run-git.ts'

/**
 * What a fetch of this ref needs. Throws SOURCE_NOT_ALLOWED for an address that may not be read,
 * INVALID_REQUEST for a hostile ref, TOOL_MISSING.
 */
export async function openWork(
  { url, ref, credential }: { url: string; ref: string; credential?: string },
  context: BuildContext,
  bench: Workbench,
): Promise<GitWork> {
  const remote = await existing(remoteOf(url, context))
  checkServer(remote, context)
  checkRef(ref)
  const { git } = context.tools
  if (git)
    return { git, remote, ref, context, bench, access: await accessOf(remote, context, credential) }
  throw noTool('git')
}

/** What the address alone gives away is told before git starts; each connection is judged anew. */
function checkServer(remote: Remote, { outbound }: BuildContext): void {
  if (remote.kind === 'local') return
  for (const { host, port, isTrusted } of remote.reach) {
    if (!isTrusted) outbound.check(`https://${host.includes(':') ? `[${host}]` : host}:${port}/`)
  }
}

/** git's own message for a path that is not there speaks of access rights. */
async function existing(remote: Remote): Promise<Remote> {
  if (remote.kind === 'host') return remote
  const found = await stat(remote.path).catch(() => undefined)
  if (found?.isDirectory()) return { kind: 'local', path: await realpath(remote.path) }
  throw failed('SOURCE_NOT_FOUND', gitFailures.noLocalRepository(remote.path))
}
