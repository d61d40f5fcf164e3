import { failed, type PacklineError } from '@packline/shared'
import type { ToolResult } from '../process/command.ts'
import type { Stage } from '../runtimes/runtime.ts'
import { registryFailures } from '../texts/failures/registries.ts'

/** What a stage may have ended by because it was kept from a server. */
const BY_NETWORK: ReadonlySet<string> = new Set(['INSTALL_FAILED', 'DEPENDENCY_NOT_FOUND'])
/** In one line; the log has all. */
const NAMED_MAX = 3

/**
 * The failure of a stage that asked for servers which are no registries of this worker, or for
 * registries that did not answer. `found`: what its tool says; undefined where that has nothing to
 * do with them, or none was asked for.
 */
export function withRefused(
  found: PacklineError | undefined,
  { name }: Stage,
  { refused = [], unreached = [], output }: ToolResult,
): PacklineError | undefined {
  // To most tools an answer of the worker's door that there is none is a registry's own answer.
  if (unreached.length > 0 && (!found || BY_NETWORK.has(found.code))) {
    const servers = unreached.slice(0, NAMED_MAX).join(', ')
    return failed('REGISTRY_UNAVAILABLE', registryFailures.unreached(name, servers), { output })
  }
  if (refused.length === 0) return undefined
  const servers = refused.slice(0, NAMED_MAX).join(', ')
  // Not the registry's fault, as the tool takes it for: the same will be refused again.
  if (!found || found.code === 'REGISTRY_UNAVAILABLE') {
    return failed('INSTALL_FAILED', registryFailures.refused(name, servers), { output })
  }
  if (!BY_NETWORK.has(found.code)) return undefined
  const said = { en: found.message, zh: found.zh?.detail ?? found.message }
  const words = registryFailures.refusedToo(servers, said)
  return failed(found.code, words, { output: found.output ?? output, cause: found })
}
