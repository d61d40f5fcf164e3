import { setImmediate } from 'node:timers/promises'
import type { DeliveryExpansion, ExpansionResult, ManifestExpansion } from '@packline/shared'
import type { Records } from '../records.ts'
import { newBuild, type TestInstallation } from '../test-installation.ts'
import type { ExpansionRecord } from './expansions.ts'

/** For tests: specs of both kinds, and what a worker does with an expansion of them. */
export function newManifest(more: Partial<ManifestExpansion> = {}): ManifestExpansion {
  return { kind: 'manifest', source: { url: 'https://git.example/a.git', ref: 'main' }, ...more }
}

export function newDelivery(
  hook: string,
  number: number,
  more: Partial<DeliveryExpansion> = {},
): DeliveryExpansion {
  return {
    kind: 'delivery',
    hook,
    delivery: `delivery-${number}`,
    number,
    ref: 'refs/heads/main',
    source: { url: 'https://git.example/a.git' },
    functions: { manifest: 'packline.yaml' },
    ...more,
  }
}

export async function begunExpansion(records: Records, id: string): Promise<ExpansionRecord> {
  const beginning = await records.expansions.begin(id, 'w1')
  if (beginning.begun) return beginning.record
  throw new Error(`${id} did not begin: ${beginning.because}`)
}

/** Takes in a build of each function. */
export async function expand(records: Records, expansion: ExpansionRecord, names: string[]) {
  const builds = names.map((name) => newBuild(name, { priority: 'interactive' }))
  const made = await records.expansions.build(expansion, builds)
  if (typeof made === 'string') throw new Error(`the builds were ${made}`)
  return made
}

/** Ids that are told to workers, from when Redis has the subscription on. */
export async function listenForCancels({ records, redis, keys }: TestInstallation) {
  const told: string[] = []
  const stop = records.onCancel((id) => told.push(id))
  while (Number((await redis.pubsub('NUMSUB', keys.cancels))[1]) === 0) await setImmediate()
  return { told, stop }
}

export function resultOf(builds: ExpansionResult['builds'] = []): ExpansionResult {
  const commit = 'c'.repeat(40)
  const none = { untouched: [], outrun: [], refused: [], superseded: [], warnings: [] }
  return { commit, builds, ...none }
}
