import { join } from 'node:path'
import type { BuildContext } from '../../packages/engine/src/context.ts'
import { findIsolation } from '../../packages/engine/src/process/sandbox.ts'
import { registryAccess } from '../../packages/engine/src/registry-access.ts'

/** What a build told its reporter. */
export interface Told {
  events: Parameters<BuildContext['reporter']['event']>[0][]
  log: string[]
}

function hereIsolation() {
  return findIsolation({ bwrap: process.env.PACKLINE_TEST_BWRAP })
}

/**
 * A build's surroundings with a real sandbox where the machine has one, in a folder of the test.
 * What a test does not give and yet asks for is undefined and fails where it is used.
 */
export async function contextIn(
  folder: string,
  given: Partial<BuildContext> = {},
): Promise<BuildContext & { told: Told }> {
  const told: Told = { events: [], log: [] }
  const context: Partial<BuildContext> = {
    isolation: given.isolation ?? (await hereIsolation()),
    scratchFolder: join(folder, 'scratch'),
    cacheFolder: join(folder, 'cache'),
    registries: await registryAccess({}),
    tenant: 'test',
    signal: AbortSignal.timeout(60_000),
    reporter: {
      event: (body) => told.events.push(body),
      log: (line) => told.log.push(line),
      pin: async () => undefined,
    },
    ...given,
  }
  return { ...(context as BuildContext), told }
}
