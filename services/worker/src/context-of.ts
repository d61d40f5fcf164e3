import type { BuildContext, Isolation } from '@packline/engine'
import type { BuildRecord } from '@packline/records'
import { STORE_KEYS } from '@packline/shared'
import type { WorkerEngine } from './worker-engine.ts'

/** One build's surroundings: its tenant's uploads and keys, and its turn for a tool slot. */
export function contextOf(
  record: BuildRecord,
  engine: WorkerEngine,
  signal: AbortSignal,
  reporter: BuildContext['reporter'],
): BuildContext {
  const { tenant } = record
  return {
    ...engine,
    isolation: inTurns(engine, record.priority === 'interactive'),
    tenant,
    signal,
    reporter,
    pinned: record.pin,
    openUpload: async (upload) => {
      for (const format of ['zip', 'jar'] as const) {
        const found = await engine.store.get(STORE_KEYS.upload(tenant, upload, format), { signal })
        if (found) return found
      }
      return undefined
    },
    openDependency: ({ name, sha256 }) =>
      engine.store.get(STORE_KEYS.dependency(tenant, name, sha256), { signal }),
    keyOfPackage: ({ sha256 }, format, request) => STORE_KEYS.made(tenant, request, sha256, format),
  }
}

/** Somebody waits for an interactive build: it gets the next tool slot before any bulk build. */
function inTurns({ isolation, toolPlaces }: WorkerEngine, isUrgent: boolean): Isolation {
  return {
    ...isolation,
    acquireSlot: async (signal) => {
      const leave = await toolPlaces.enter(signal, isUrgent)
      try {
        const slot = await isolation.acquireSlot(signal)
        const release = () => {
          slot.release()
          leave()
        }
        return { ...slot, release }
      } catch (error) {
        leave()
        throw error
      }
    },
  }
}
