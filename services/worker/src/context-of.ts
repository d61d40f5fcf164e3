import { type BuildContext, credentialSecrets, type Isolation } from '@packline/engine'
import type { BuildRecord, Records } from '@packline/records'
import { STORE_KEYS } from '@packline/shared'
import { refuseUnfenced } from './refuse-unfenced.ts'
import type { WorkerEngine } from './worker-engine.ts'

/**
 * One build's surroundings: its tenant's uploads and keys, and its turn for a tool slot. Throws
 * SANDBOX_FAILED where its code would run without a sandbox and must not.
 */
export function contextOf(
  record: Pick<BuildRecord, 'tenant' | 'priority' | 'pin'> & { secrets?: readonly string[] },
  engine: WorkerEngine,
  { credentials, claim }: Pick<Records, 'credentials' | 'claim'>,
  signal: AbortSignal,
  reporter: BuildContext['reporter'],
): BuildContext {
  const { tenant } = record
  refuseUnfenced(engine, tenant)
  const secrets = new Set(record.secrets)
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
    openCredential: async (query) => {
      const found = await credentials.open(tenant, query)
      for (const secret of found ? credentialSecrets(found) : []) secrets.add(secret)
      return found
    },
    secrets: () => secrets,
    openDraft: (sha256) => engine.store.get(STORE_KEYS.draft(tenant, sha256), { signal }),
    openDependency: ({ name, sha256 }) =>
      engine.store.get(STORE_KEYS.dependency(tenant, name, sha256), { signal }),
    keyOfPackage: async ({ sha256 }, format, request) => {
      const key = STORE_KEYS.made(tenant, request, sha256, format)
      // An old one of equal bytes, whose revision was deleted, may just be being removed.
      if (request.type === 'dependency') await claim([key])
      return key
    },
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
