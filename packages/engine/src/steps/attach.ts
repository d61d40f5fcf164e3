import { openArchive } from '@packline/archive'
import type { Words } from '@packline/shared'
import {
  type DependencyPin,
  dependencyRef,
  failed,
  LIMITS,
  type PacklineError,
} from '@packline/shared'
import type { BuildContext } from '../context.ts'
import type { AttachedPackage } from '../package.ts'
import type { Order } from '../runtimes/runtime.ts'
import { bringArchive } from '../stored-archive.ts'
import { sourceFailures, TITLES } from '../texts/failures/sources.ts'
import type { Workbench } from '../workbench.ts'
import { archiveLimits } from './unpack.ts'
import { packageOf } from './zip.ts'

/** Where those that are too large for memory lie, in the build's scratch. */
const ZIPS = 'attached-zips'

/** The dependency packages that the request names, opened through the gate, in its order. */
export async function openAttached(
  order: Order,
  context: BuildContext,
  bench: Workbench,
): Promise<AttachedPackage[]> {
  const pins = order.request.dependencies ?? []
  if (pins.length === 0) return []
  // Together they take no more memory than a source may.
  const memoryBytesMax = LIMITS.memoryTreeBytesMax / pins.length
  // A tool may have put something there, such as a link.
  if (pins.some(({ size }) => size > memoryBytesMax)) await bench.removeFolder(ZIPS)
  const opened: AttachedPackage[] = []
  for (const pin of pins) {
    opened.push(await openOne(pin, memoryBytesMax, order, context, bench))
  }
  return opened
}

async function openOne(
  pin: DependencyPin,
  memoryBytesMax: number,
  order: Order,
  context: BuildContext,
  bench: Workbench,
): Promise<AttachedPackage> {
  const { name, revision, sha256 } = pin
  const { signal } = context
  const title = TITLES.dependency(dependencyRef(pin))
  const object = await context.openDependency(pin)
  if (!object) throw gone(title)
  const { size } = object
  const place = { bench, folder: ZIPS, file: `${name}.zip`, memoryBytesMax }
  const content = await bringArchive({ ...object, title, sha256 }, place, signal)
  const archive = await openArchive(content, { limits: archiveLimits(order), signal })
  bench.atEnd(() => archive.close())
  const digest = { content, size, sha256 }
  return {
    ...packageOf(archive, digest, 'zip', bench, signal, `attached-${name}`),
    name,
    revision,
  }
}

/** Its record was there when the build was accepted, and can not go before the build ends. */
function gone(title: Words): PacklineError {
  return failed('STORE_UNAVAILABLE', sourceFailures.notAttached(title))
}
