import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { has, type NeedName, needs } from '../harness/needs.ts'
import { isRunning } from '../harness/processes.ts'
import { CACHE_PROBES } from './probes/caches.ts'
import { CARRIERS } from './probes/carriers.ts'
import { FILE_PROBES } from './probes/files.ts'
import { GO_TRICKS } from './probes/go-tricks.ts'
import { LEAVING_PROBES, OUTLIVING_PROBES } from './probes/leaving.ts'
import { LIMIT_PROBES } from './probes/limits.ts'
import { NETWORK_PROBES } from './probes/network.ts'
import { makePlace, type Place, touched } from './probes/place.ts'
import type { Probe } from './probes/probe.ts'
import { PROCESS_PROBES } from './probes/processes.ts'
import { REGISTRY_PROBES } from './probes/registries.ts'
import {
  endedProbe,
  endedTrick,
  type StartedProbe,
  startProbe,
  TRICK_RAN,
} from './probes/run-probe.ts'
import { SWAPPING_PROBES } from './probes/swapping.ts'
import { WRITING_PROBES } from './probes/writing.ts'

/** Each is a package or a build script that the line builds; what it tries must not work. */
const PROBES: Readonly<Record<string, readonly Probe[]>> = {
  'reads files': FILE_PROBES,
  'looks at processes': PROCESS_PROBES,
  writes: WRITING_PROBES,
  'opens the network in a stage without one': NETWORK_PROBES,
  'opens the network beyond the registries': REGISTRY_PROBES,
  'looks into caches': CACHE_PROBES,
  'goes on after its end': OUTLIVING_PROBES,
  'leaves things behind': LEAVING_PROBES,
  'swaps files': SWAPPING_PROBES,
  'takes more than it may': LIMIT_PROBES,
}
const PROBES_MIN = 50
const SERVICES: readonly NeedName[] = ['redis', 'store', 'sandbox']
const MS_MAX = 20 * 60_000

let place: Place
const started = new Map<Probe, StartedProbe>()
/** `out`: those that got at something, or of which something is to be seen from outside. */
const tried = { count: 0, out: 0 }

/** Some are for root alone: then there is nothing that they must not get at. */
function isTried({ others, failure, outside }: Probe): boolean {
  return others(place).length > 0 || failure !== undefined || outside !== undefined
}

beforeAll(async () => {
  // Without them each test says what is missing.
  if (!SERVICES.every(has)) return
  place = await makePlace()
}, MS_MAX)
afterAll(() => place?.close(), MS_MAX)

for (const [aim, probes] of Object.entries(PROBES)) {
  describe(`a build that ${aim}`, () => {
    // All of a kind at once: the line works on them while the tests look at one after the other.
    beforeAll(async () => {
      if (!SERVICES.every(has)) return
      for (const probe of probes.filter(({ carrier }) => CARRIERS[carrier].needs.every(has))) {
        started.set(probe, await startProbe(probe, place))
      }
    }, MS_MAX)

    for (const probe of probes) {
      test(`${probe.title}, by ${probe.carrier}`, { timeout: MS_MAX }, async (context) => {
        needs(context, ...SERVICES, ...CARRIERS[probe.carrier].needs)
        const build = started.get(probe)
        if (!build) throw new Error('it was not started')
        const { ran, out, ...ended } = await endedProbe(build, place)
        // Else it says nothing of what it could do.
        expect(ran, `it did not run: ${JSON.stringify(ended.build.failure)}\n${ended.said}`).toBe(
          true,
        )
        if (!isTried(probe)) return
        tried.count += 1
        tried.out += 1
        expect(out).toEqual([])
        if (probe.failure) expect(ended.build.failure?.code).toBe(probe.failure)
        await probe.outside?.(ended, place)
        tried.out -= 1
      })
    }
  })
}

describe('a build of Go', () => {
  for (const trick of GO_TRICKS) {
    test(`does not run or read ${trick.title}`, { timeout: MS_MAX }, async (context) => {
      needs(context, ...SERVICES, 'go', 'compiler')
      const { said, entries, build } = await endedTrick(trick, place)
      tried.count += 1
      tried.out += 1
      expect(said.includes(place.canary) || said.includes(TRICK_RAN), said).toBe(false)
      if (trick.says) expect(`${build.failure?.detail}\n${said}`).toMatch(trick.says)
      expect(build.state).toBe(trick.says ? 'failed' : 'succeeded')
      for (const { bytes } of entries.values()) expect(bytes.includes(place.canary)).toBe(false)
      tried.out -= 1
    })
  }
})

describe('after all of them', () => {
  test('at least fifty were tried, and none got out', (context) => {
    needs(context, ...SERVICES)
    process.stdout.write(`probes: ${tried.count} tried, ${tried.out} got out\n`)
    expect(tried.out).toBe(0)
    // Fewer where a tool chain is missing, which other tests say.
    const isWhole = Object.values(CARRIERS).every((carrier) => carrier.needs.every(has))
    if (isWhole) expect(tried.count).toBeGreaterThanOrEqual(PROBES_MIN)
  })

  test('the worker lives, its files are as they were, and nobody was heard', async (context) => {
    needs(context, ...SERVICES)
    expect(isRunning(place.worker)).toBe(true)
    expect(await touched(place)).toEqual([])
    expect(place.heard).toEqual([])
    expect(await place.line.logOf('worker-1')).not.toMatch(/"level":[56]0/)
  })
})
