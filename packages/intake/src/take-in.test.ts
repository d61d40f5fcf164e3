import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { makeOutbound } from '@packline/outbound'
import { loadProfile } from '@packline/profiles'
import {
  type BatchCallback,
  type BuildRequestInput,
  buildRequestSchema,
  dependencyRequestSchema,
  PacklineError,
  STORE_KEYS,
} from '@packline/shared'
import { type Store, storeFromUrl } from '@packline/stores'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  makeTestInstallation,
  type TestInstallation,
} from '../../../packages/records/src/test-installation.ts'
import { type Asking, type Known, takeIn, takeInDependency } from './take-in.ts'

let installation: TestInstallation
let folder: string
let store: Store
let profile: Known['profile']
/** How often the store was asked for what lies there. */
let heads: number

beforeAll(async () => {
  installation = await makeTestInstallation()
  folder = await mkdtemp(join(tmpdir(), 'packline-intake-'))
  store = storeFromUrl(pathToFileURL(folder).href)
  await store.prepare()
  profile = await loadProfile('ctyun-functiongraph')
})
afterAll(async () => {
  await installation.remove()
  await store.close()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  heads = 0
  for (const key of await keys()) await store.remove(key)
})

async function keys(): Promise<string[]> {
  return (await Array.fromAsync(store.list(''))).map(({ key }) => key)
}

function hello(changes: Partial<BuildRequestInput> = {}): BuildRequestInput {
  const source = { kind: 'inline' as const, files: { 'index.js': 'x' } }
  return { function: 'hello', runtime: 'nodejs', handler: 'index.handler', source, ...changes }
}

function files(bytes: number): BuildRequestInput['source'] {
  return { kind: 'inline', files: { 'index.js': 'x'.repeat(bytes) } }
}

const { check: checkAddress } = makeOutbound({ allow: [] })

/** Records that know one dependency package. */
function recordsWithLibs(): Known['records'] {
  const revision = async (_tenant: string, name: string, number = 4) => {
    if (name !== 'libs') throw new PacklineError('NOT_FOUND', `There is no ${name}`)
    return { name, revision: number, runtime: 'nodejs', package: { sha256: 'ab', size: 7 } }
  }
  return { ...installation.records, revision } as unknown as Known['records']
}

function take(requests: BuildRequestInput[], as: Asking['as'] = 'batch', callback?: BatchCallback) {
  const parsed = requests.map((request) => buildRequestSchema.parse(request))
  const counting: Store = {
    ...store,
    head: (key, options) => {
      heads++
      return store.head(key, options)
    },
  }
  const surroundings = {
    profile,
    store: counting,
    records: recordsWithLibs(),
    checkAddress,
  } as Known
  return takeIn(parsed, { tenant: 'one', as, callback }, surroundings)
}

async function uploaded(format: 'zip' | 'jar'): Promise<string> {
  const bytes = Buffer.from(`some ${format}`)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await store.put(STORE_KEYS.upload('one', sha256, format), { bytes }, { sha256 })
  return sha256
}

describe('a build', () => {
  test('is completed, and waits in the queue of its runtime', async () => {
    const [nodejs] = await take([hello()], 'build')
    expect(nodejs).toMatchObject({ queue: 'nodejs', priority: 'interactive' })
    expect(nodejs?.request.version).toBe(profile.runtimes.nodejs?.default)
    const java = { runtime: 'java' as const, version: '17', handler: 'a.B.c' }
    expect(await take([hello(java)], 'build')).toMatchObject([{ queue: 'java-17' }])
  })

  test('of a batch is a bulk one, whatever it says; a single one is when it says so', async () => {
    const builds = await take([hello(), hello({ priority: 'interactive' })])
    expect(builds.map(({ priority }) => priority)).toEqual(['bulk', 'bulk'])
    expect(await take([hello({ priority: 'bulk' })], 'build')).toMatchObject([{ priority: 'bulk' }])
  })

  test('keeps small files in its record, and large ones in the store', async () => {
    const [small, large] = await take([
      hello({ source: files(1000) }),
      hello({ source: files(2e4) }),
    ])
    expect(small?.sourceKey).toBeUndefined()
    expect(small?.request.source).toEqual(files(1000))
    expect(large?.request.source).toEqual({ kind: 'inline', files: {} })
    const key = large?.sourceKey ?? ''
    expect(await keys()).toEqual([key])
    expect(key).toMatch(/^inline\/one\/[0-9a-f]{64}\.json$/)
    const object = await store.get(key)
    const stored = object && JSON.parse((await buffer(object.stream)).toString())
    expect(stored).toEqual({ 'index.js': 'x'.repeat(2e4) })
  })
})

describe('dependency packages', () => {
  test('are pinned in the request; one without any has no such field', async () => {
    const builds = await take([hello({ dependencies: ['libs'] }), hello()])
    expect(builds[0]?.request.dependencies).toEqual([
      { name: 'libs', revision: 4, sha256: 'ab', size: 7 },
    ])
    expect(builds[1]?.request).not.toHaveProperty('dependencies')
  })

  test('are made by a build that somebody waits for; large manifests go to the store', async () => {
    const source = files(2e4)
    const parsed = dependencyRequestSchema.parse({ name: 'libs', runtime: 'nodejs', source })
    const build = await takeInDependency(parsed, 'one', {
      profile,
      store,
      records: recordsWithLibs(),
      checkAddress,
    })
    expect(build).toMatchObject({
      queue: 'nodejs',
      priority: 'interactive',
      request: { function: 'libs', type: 'dependency', source: { files: {} } },
      sourceKey: expect.stringMatching(/^inline\/one\//),
    })
  })
})

describe('a source in the store', () => {
  const claimed = async (key: string) =>
    (await installation.redis.zscore(installation.keys.claims, key)) !== null

  test('is claimed before it is stored or looked for, and named by the build', async () => {
    const [large] = await take([hello({ source: files(3e4) })])
    expect(await claimed(large?.sourceKey ?? '')).toBe(true)
    const zip = await uploaded('zip')
    const [build] = await take([hello({ source: { kind: 'upload', upload: zip } })])
    expect(build?.sourceKey).toBe(STORE_KEYS.upload('one', zip, 'zip'))
    for (const format of ['zip', 'jar'] as const) {
      expect(await claimed(STORE_KEYS.upload('one', zip, format))).toBe(true)
    }
  })
})

describe('a refused batch', () => {
  const upload = 'a'.repeat(64)

  test.each<[string, BuildRequestInput, object]>([
    ['a wrong handler', hello({ handler: 'x' }), { code: 'HANDLER_FORM', at: 'builds[2].handler' }],
    [
      'too large files',
      hello({ source: files(5e6) }),
      { code: 'INVALID_REQUEST', at: 'builds[2].source.files' },
    ],
    [
      'a dependency package that is not there',
      hello({ dependencies: ['libs', 'none'] }),
      { code: 'DEPENDENCY_PACKAGE_NOT_FOUND', at: 'builds[2].dependencies' },
    ],
    [
      'an upload that is not there',
      hello({ source: { kind: 'upload', upload } }),
      { code: 'UPLOAD_NOT_FOUND', at: 'builds[2].source.upload' },
    ],
  ])('for %s names the build and leaves nothing in the store', async (_what, wrong, mistake) => {
    const large = hello({ source: files(2e4) })
    await expect(take([large, large, wrong])).rejects.toMatchObject(mistake)
    expect(await keys()).toEqual([])
  })

  test('for a JAR that is not for Java names it, too', async () => {
    const jar = await uploaded('jar')
    const python = hello({ runtime: 'python', source: { kind: 'upload', upload: jar } })
    await expect(take([hello(), python])).rejects.toMatchObject({
      code: 'FORMAT',
      at: 'builds[1].source.upload',
    })
    const java = { ...python, runtime: 'java' as const, version: '17', handler: 'a.B.c' }
    expect(await take([java])).toHaveLength(1)
  })
})

test('one upload of many builds is looked for once', async () => {
  const zip = await uploaded('zip')
  const builds = Array.from({ length: 50 }, () =>
    hello({ source: { kind: 'upload', upload: zip } }),
  )
  expect(await take(builds)).toHaveLength(50)
  expect(heads).toBe(1)
})

test('a thousand one-file builds take no longer than a moment, and no store', async () => {
  const builds = Array.from({ length: 1000 }, (_, n) => hello({ function: `f-${n}` }))
  const started = performance.now()
  const made = await take(builds)
  expect(performance.now() - started).toBeLessThan(1000)
  expect(made.map(({ request }) => request.function)).toEqual(builds.map((build) => build.function))
  expect([heads, await keys()]).toEqual([0, []])
})

describe('a callback', () => {
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
  const callback = { url: 'https://hooks.example/one', secret }
  const all = { url: 'https://hooks.example/all', secret: `whsec_${'A'.repeat(32)}` }

  test('leaves its address in the request, and its secret beside it', async () => {
    const [build] = await take([hello({ callback, source: files(2e4) })], 'build')
    expect(build?.request.callback).toEqual({ url: callback.url })
    expect(build?.callbackSecret).toBe(secret)
    expect(JSON.stringify(build?.request)).not.toContain('whsec_')
  })

  test('of a batch is that of its builds, unless they have one', async () => {
    const builds = await take([hello(), hello({ callback })], 'batch', all)
    expect(builds.map(({ request }) => request.callback?.url)).toEqual([all.url, callback.url])
    expect(builds.map(({ callbackSecret }) => callbackSecret)).toEqual([all.secret, secret])
    const events: BatchCallback['events'] = ['batch.finished']
    const [none] = await take([hello()], 'batch', { ...all, events })
    expect(none?.request).not.toHaveProperty('callback')
    expect(none).not.toHaveProperty('callbackSecret')
  })

  test('that would go to a private address or without TLS is refused', async () => {
    const wrong = { code: 'SOURCE_NOT_ALLOWED' }
    const inside = { ...callback, url: 'https://10.0.0.1/' }
    const plain = { ...callback, url: 'http://hooks.example/' }
    const at = 'callback.url'
    await expect(take([hello({ callback: inside })], 'build')).rejects.toMatchObject({
      ...wrong,
      at,
      zh: { detail: expect.stringMatching(/\p{Script=Han}/u) },
    })
    await expect(take([hello()], 'batch', plain)).rejects.toMatchObject({ ...wrong, at })
    await expect(take([hello(), hello({ callback: plain })])).rejects.toMatchObject({
      ...wrong,
      at: 'builds[1].callback.url',
      zh: { detail: expect.stringMatching(/^builds\[1\]：.*\p{Script=Han}/u) },
    })
  })
})
