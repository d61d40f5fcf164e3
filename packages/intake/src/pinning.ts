import type { Records } from '@packline/records'
import {
  type DependencyPin,
  type DependencyRevision,
  dependencyRef,
  failed,
  PacklineError,
  parseDependencyRef,
  RUNTIMES,
  type RuntimeName,
} from '@packline/shared'
import { intakeFailures } from './texts.ts'

/**
 * Finds the revisions that requests name, each once, however many builds of a batch name it: all of
 * them get the same newest one. Throws DEPENDENCY_PACKAGE_NOT_FOUND, or INVALID_REQUEST for another
 * runtime's.
 */
export function pinning(tenant: string, records: Pick<Records, 'revision'>) {
  const asked = new Map<string, Promise<DependencyRevision>>()
  const find = (ref: string) => {
    const { name, revision } = parseDependencyRef(ref)
    const found = asked.get(ref) ?? records.revision(tenant, name, revision).catch(inRequest)
    asked.set(ref, found)
    return found
  }
  return async (refs: readonly string[], runtime: RuntimeName): Promise<DependencyPin[]> =>
    Promise.all(refs.map(async (ref) => pinOf(await find(ref), runtime)))
}

/** The path is right: what it was sent names something that is not there. */
function inRequest(error: unknown): never {
  if (!(error instanceof PacklineError) || error.code !== 'NOT_FOUND') throw error
  const { message, hint, zh, cause } = error
  const at = 'dependencies'
  throw new PacklineError('DEPENDENCY_PACKAGE_NOT_FOUND', message, { at, hint, zh, cause })
}

function pinOf(found: DependencyRevision, runtime: RuntimeName): DependencyPin {
  const { name, revision, package: stored } = found
  if (found.runtime === runtime) {
    return { name, revision, sha256: stored.sha256, size: stored.size }
  }
  const [its, asked] = [RUNTIMES[found.runtime].title, RUNTIMES[runtime].title]
  const words = intakeFailures.otherRuntime(dependencyRef(found), its, asked)
  throw failed('INVALID_REQUEST', words, { at: 'dependencies' })
}
