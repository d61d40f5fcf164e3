import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import type { Beginning, NewBuild, Records } from '@packline/records'
import { type BuildRequest, PacklineError, STORE_KEYS } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newBuild, newRequest } from '../../../packages/records/src/test-installation.ts'
import { type AttemptEnd, runBuild } from './run-build.ts'
import { Stopped, type StopReason } from './stopped.ts'
import { makeWorkerInstallation, type WorkerInstallation } from './test/installation.ts'
import type { WorkerEngine } from './worker-engine.ts'

let all: WorkerInstallation
beforeAll(async () => {
  all = await makeWorkerInstallation()
})
afterAll(() => all.remove())

type Begun = Extract<Beginning, { begun: true }>

async function begin(more: Partial<NewBuild> = {}): Promise<Begun> {
  const { ids } = await all.records.accept([newBuild('hello', more)], { tenant: 'acme' })
  const beginning = await all.records.begin(ids[0] ?? '', 'w1')
  if (!beginning.begun) throw new Error('it did not begin')
  return beginning
}

interface Settings {
  engine?: Partial<WorkerEngine>
  records?: Partial<Records>
  lastTry?: boolean
  stop?: AbortController
}

function run({ attempt, record }: Begun, settings: Settings = {}): Promise<AttemptEnd> {
  const { lastTry = false, stop = new AbortController() } = settings
  const records = { ...all.records, ...settings.records }
  const engine = { ...all.engine, ...settings.engine }
  return runBuild({ record, attempt, lastTry, backoffMs: 2000 }, stop, engine, records, all.logger)
}

const stateOf = async ({ record }: Begun) => (await all.records.get('acme', record.id)).state
const lastOf = async ({ record }: Begun) => (await all.records.events('acme', record.id)).at(-1)
const SLEEPING = `await new Promise((resolve) => setTimeout(resolve, 60000))
export const handler = () => 1
`
const unreachable = () => {
  throw new PacklineError('STORE_UNAVAILABLE', 'The store is away')
}
const away = new PacklineError('RECORDS_UNAVAILABLE', 'Redis is away')

describe('an attempt', () => {
  test('that makes a package ends its build, with every event before the last', async () => {
    const begun = await begin()
    expect(await run(begun)).toBe('done')
    const build = await all.records.get('acme', begun.record.id)
    expect(build).toMatchObject({ state: 'succeeded', verdict: { verdict: 'not-loaded' } })
    expect(build.package?.key).toMatch(/^packages\/acme\/hello\/[0-9a-f]{64}\.zip$/)
    expect(await all.engine.store.head(build.package?.key ?? '')).toBeDefined()
    const events = await all.records.events('acme', begun.record.id)
    const steps = events.flatMap((event) =>
      event.type === 'step' && event.status === 'finished' ? [event.step] : [],
    )
    expect(steps).toEqual(['fetch', 'unpack', 'detect', 'make', 'zip', 'validate', 'store'])
    expect(events.at(-1)?.type).toBe('succeeded')
    expect(await readdir(all.engine.scratchFolder).catch(() => [])).toEqual([])
  })

  test('that fails by the caller is not tried again, and nothing of it is logged', async () => {
    const begun = await begin({ request: { ...newRequest('hello'), handler: 'absent.handler' } })
    expect(await run(begun)).toBe('failed')
    expect(await lastOf(begun)).toMatchObject({ failure: { code: 'VALIDATION_FAILED' } })
    expect(all.logged).toEqual([])
  })

  test('that fails by the platform is tried again after the time that is told', async () => {
    const begun = await begin()
    const store = { ...all.engine.store, put: unreachable }
    expect(await run(begun, { engine: { store } })).toBe('retry')
    expect(await stateOf(begun)).toBe('queued')
    expect(await lastOf(begun)).toMatchObject({
      type: 'requeued',
      delayMs: 2000,
      failure: { code: 'STORE_UNAVAILABLE', step: 'store' },
    })
    expect(all.logged.pop()).toMatchObject({ code: 'STORE_UNAVAILABLE', build: begun.record.id })
  })

  test('that would run without a sandbox is left to another worker', async () => {
    const begun = await begin()
    const unsandboxed = { tenant: 'somebody-else' }
    expect(await run(begun, { engine: { unsandboxed } })).toBe('retry')
    expect(await lastOf(begun)).toMatchObject({ failure: { code: 'SANDBOX_FAILED' } })
    expect(all.logged.pop()).toMatchObject({ code: 'SANDBOX_FAILED', build: begun.record.id })
    expect(await run(await begin(), { engine: { unsandboxed: { tenant: 'acme' } } })).toBe('done')
  })

  test('that is the last one fails for good, whatever the failure', async () => {
    const begun = await begin()
    const store = { ...all.engine.store, put: unreachable }
    expect(await run(begun, { engine: { store }, lastTry: true })).toBe('failed')
    expect(await stateOf(begun)).toBe('failed')
    all.logged.pop()
  })

  test('that meets a mistake of ours ends as BUG, with the cause in the log alone', async () => {
    const begun = await begin()
    const store = { ...all.engine.store, put: () => Promise.reject(new TypeError('x is not y')) }
    expect(await run(begun, { engine: { store } })).toBe('failed')
    expect(await lastOf(begun)).toMatchObject({ failure: { code: 'BUG', blame: 'platform' } })
    expect(JSON.stringify(await lastOf(begun))).not.toContain('x is not y')
    expect(JSON.stringify(all.logged.pop())).toContain('x is not y')
  })
})

describe('inline files in the store', () => {
  const bytes = Buffer.from(JSON.stringify({ 'index.js': 'exports.handler = () => 1\n' }))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const sourceKey = STORE_KEYS.inline('acme', sha256)
  const build: Partial<NewBuild> = {
    sourceKey,
    request: { ...newRequest('hello'), source: { kind: 'inline', files: {} } },
  }

  test('are read before the build', async () => {
    await all.engine.store.put(sourceKey, { bytes }, { sha256, contentType: 'application/json' })
    const begun = await begin(build)
    expect(await run(begun)).toBe('done')
    expect(await all.records.get('acme', begun.record.id)).toMatchObject({
      package: { entries: 1 },
    })
  })

  test('that can not be read now are read by another attempt', async () => {
    const begun = await begin(build)
    const store = { ...all.engine.store, get: unreachable }
    expect(await run(begun, { engine: { store } })).toBe('retry')
    expect(await lastOf(begun)).toMatchObject({ failure: { code: 'STORE_UNAVAILABLE' } })
    all.logged.pop()
  })

  test('that are gone are a mistake of ours', async () => {
    const begun = await begin({ ...build, sourceKey: `${sourceKey}.gone` })
    expect(await run(begun)).toBe('failed')
    expect(await lastOf(begun)).toMatchObject({ failure: { code: 'BUG' } })
    expect(JSON.stringify(all.logged.pop())).toContain(`${sourceKey}.gone are not in the store`)
  })
})

describe('a stopped attempt', () => {
  const SLEEPS: BuildRequest = {
    ...newRequest('hello'),
    source: { kind: 'inline', files: { 'index.mjs': SLEEPING } },
    build: { load: true, timeoutSeconds: 60 },
  }

  async function stopped(reason: StopReason) {
    const begun = await begin({ request: SLEEPS })
    const stop = new AbortController()
    const running = run(begun, { stop })
    await expect
      .poll(() => readdir(all.engine.scratchFolder).catch(() => []), { timeout: 10_000 })
      .not.toEqual([])
    stop.abort(new Stopped(reason))
    const end = await running
    expect(await readdir(all.engine.scratchFolder)).toEqual([])
    return { begun, end }
  }

  test('is handed back when its worker stops', async () => {
    const { begun, end } = await stopped('worker stops')
    expect(end).toBe('handed back')
    expect(await stateOf(begun)).toBe('queued')
    expect(await lastOf(begun)).toMatchObject({ type: 'requeued', delayMs: 0 })
  })

  test.each(['ended', 'lock lost'] as const)(
    'writes nothing when its reason is "%s"',
    async (reason) => {
      const { begun, end } = await stopped(reason)
      expect(end).toBe('done')
      expect(await stateOf(begun)).toBe('running')
    },
  )
})

describe('the end of an attempt', () => {
  test('waits for a Redis that is away for a moment', async () => {
    const begun = await begin()
    let times = 0
    const finish: Records['finish'] = (...given) => {
      times += 1
      return times < 3 ? Promise.reject(away) : all.records.finish(...given)
    }
    expect(await run(begun, { records: { finish } })).toBe('done')
    expect(await stateOf(begun)).toBe('succeeded')
    expect(times).toBe(3)
  })

  test('is written once where an answer was lost', async () => {
    const begun = await begin()
    let times = 0
    const finish: Records['finish'] = async (...given) => {
      times += 1
      const answer = await all.records.finish(...given)
      if (times === 1) throw away
      return answer
    }
    expect(await run(begun, { records: { finish } })).toBe('done')
    const events = await all.records.events('acme', begun.record.id)
    expect(events.filter(({ type }) => type === 'succeeded')).toHaveLength(1)
  })

  test('that never came, since its worker was killed, leaves one package and one end', async () => {
    const name = 'killed'
    const { ids } = await all.records.accept([newBuild(name)], { tenant: 'acme' })
    const [id = ''] = ids
    const first = await all.records.begin(id, 'w1')
    if (!first.begun) throw new Error('it did not begin')
    const killed = () => Promise.reject(new Error('killed'))
    await expect(run(first, { records: { finish: killed } })).rejects.toThrow('killed')
    const packages = () => Array.fromAsync(all.engine.store.list(`packages/acme/${name}/`))
    const [stored] = await packages()
    expect(stored).toBeDefined()
    expect(await stateOf(first)).toBe('running')

    const second = await all.records.begin(id, 'w2')
    if (!second.begun) throw new Error('it did not begin')
    expect(await run(second)).toBe('done')
    // The first one was only frozen, and thaws.
    expect(await run(first)).toBe('done')
    expect((await packages()).map(({ key }) => key)).toEqual([stored?.key])
    const ends = (await all.records.events('acme', id)).filter(({ type }) => type === 'succeeded')
    expect(ends).toMatchObject([{ package: { key: stored?.key } }])
  })

  test('does not wait for Redis when its worker stops', async () => {
    const begun = await begin()
    const stop = new AbortController()
    const finish = () => {
      stop.abort(new Stopped('worker stops'))
      return Promise.reject(away)
    }
    const started = performance.now()
    await expect(run(begun, { records: { finish }, stop })).rejects.toBe(away)
    expect(performance.now() - started).toBeLessThan(5000)
  })

  test('changes nothing where another attempt has begun, whatever it came to', async () => {
    const stale = await begin({ request: { ...newRequest('hello'), handler: 'absent.handler' } })
    await all.records.begin(stale.record.id, 'w2')
    expect(await run(stale)).toBe('done')
    expect(await stateOf(stale)).toBe('running')
    expect(await lastOf(stale)).toMatchObject({ type: 'started', attempt: 2 })
  })

  test('changes nothing where the build was cancelled', async () => {
    const begun = await begin()
    await all.records.cancel('acme', begun.record.id, 'not wanted')
    expect(await run(begun)).toBe('done')
    expect(await lastOf(begun)).toMatchObject({ type: 'cancelled' })
  })
})
