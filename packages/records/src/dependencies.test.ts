import { PacklineError, type StoredPackage, toFailure } from '@packline/shared'
import { afterAll, describe, expect, test } from 'vitest'
import type { MadeDependency, Outcome } from './outcome.ts'
import {
  makeTestInstallation,
  newBuild,
  newRequest,
  STORED,
  SUCCEEDED,
} from './test-installation.ts'

const installation = await makeTestInstallation()
const { records, redis, keys } = installation
afterAll(installation.remove)

const boom = toFailure(new PacklineError('INSTALL_FAILED', 'no such package'))
const FAILED: Outcome = { state: 'failed', failure: boom }

function storedAs(sha256: string): StoredPackage {
  return { ...STORED, key: `dependencies/acme/x/${sha256}.zip`, sha256 }
}

function madeOf(name: string, sha256: string, more: Partial<MadeDependency> = {}): MadeDependency {
  const target = { runtime: 'nodejs', version: '20.15', architecture: 'x86_64' } as const
  return { name, ...target, package: storedAs(sha256), ...more }
}

/** A dependency build that has begun. */
async function begun(name: string, tenant = 'acme') {
  const request = { ...newRequest(name), type: 'dependency' as const, handler: undefined }
  const [id = ''] = (await records.accept([newBuild(name, { request })], { tenant })).ids
  await records.begin(id, 'w1')
  return id
}

/** Makes a revision, answers the build that made it. */
async function published(name: string, sha256: string, more: Partial<MadeDependency> = {}) {
  const id = await begun(name)
  const dependency = madeOf(name, sha256, more)
  await records.finish(id, 1, { ...SUCCEEDED, package: dependency.package, dependency } as Outcome)
  return id
}

/** A function's build that attaches the revision. */
async function using(name: string, revision: number, fn: string) {
  const pin = { name, revision, sha256: 'aa', size: 180 }
  const request = { ...newRequest(fn), dependencies: [pin] }
  const [id = ''] = (await records.accept([newBuild(fn, { request })], { tenant: 'acme' })).ids
  return id
}

async function ended(id: string, outcome: Outcome = SUCCEEDED) {
  await records.begin(id, 'w1')
  expect(await records.finish(id, 1, outcome)).toMatchObject({ ok: true })
}

const usersOf = (name: string, revision = 1) => records.users('acme', { name, revision })

describe('a dependency build that succeeds', () => {
  test('gives its package the next revision, in view, event and record', async () => {
    const id = await published('numbered', 'a1')
    expect(await records.get('acme', id)).toMatchObject({
      kind: 'dependency',
      function: 'numbered',
      state: 'succeeded',
      revision: 1,
    })
    expect((await records.events('acme', id)).at(-1)).toMatchObject({
      type: 'succeeded',
      revision: 1,
      package: { sha256: 'a1' },
    })
    await published('numbered', 'a2')
    expect(await records.revision('acme', 'numbered')).toEqual({
      name: 'numbered',
      revision: 2,
      runtime: 'nodejs',
      version: '20.15',
      architecture: 'x86_64',
      build: expect.stringMatching(/^b/),
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      package: storedAs('a2'),
    })
    expect(await records.revision('acme', 'numbered', 1)).toMatchObject({ build: id })
    const text = await redis.hget(keys.dependency('acme', 'numbered'), '2')
    expect(JSON.parse(text ?? '')).toMatchObject({ schema: 1, tenant: 'acme' })
  })

  test('keeps the revision of equal bytes, for the same version and architecture', async () => {
    await published('equal', 'e1')
    const again = await published('equal', 'e1')
    expect(await records.get('acme', again)).toMatchObject({ revision: 1 })
    const other = await published('equal', 'e1', { version: '18.15' })
    expect(await records.get('acme', other)).toMatchObject({ revision: 2 })
    const arm = await published('equal', 'e1', { architecture: 'aarch64' })
    expect(await records.get('acme', arm)).toMatchObject({ revision: 3 })
    expect(await records.dependency('acme', 'equal')).toMatchObject({ revisions: 3 })
  })

  test('is the only one that does: not a failed, a cancelled, a requeued or a stale one', async () => {
    const failed = await begun('none')
    await records.finish(failed, 1, FAILED)
    const cancelled = await begun('none')
    await records.cancel('acme', cancelled, 'asked for')
    const dependency = madeOf('none', 'n1')
    const late = { ...SUCCEEDED, dependency } as Outcome
    expect(await records.finish(cancelled, 1, late)).toMatchObject({ ok: false })
    const stale = await begun('none')
    await records.begin(stale, 'w2')
    expect(await records.finish(stale, 1, late)).toMatchObject({ ok: false })
    await records.finish(stale, 2, { state: 'queued', reason: 'stops', delayMs: 0 })
    await expect(records.dependency('acme', 'none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('is found by its dependency, not among the builds of a function of that name', async () => {
    const id = await published('shared-name', 's1')
    const [fn = ''] = (await records.accept([newBuild('shared-name')], { tenant: 'acme' })).ids
    const ids = async (filter: { function?: string; dependency?: string }) =>
      (await records.list('acme', filter)).items.map((build) => build.id)
    expect(await ids({ dependency: 'shared-name' })).toEqual([id])
    expect(await ids({ function: 'shared-name' })).toEqual([fn])
  })

  test('ten at once get ten numbers', async () => {
    const made = Array.from({ length: 10 }, (_, index) => published('many', `m${index}`))
    const views = await Promise.all((await Promise.all(made)).map((id) => records.get('acme', id)))
    const numbers = views.map(({ revision = 0 }) => revision).sort((a, b) => a - b)
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  })
})

describe('what a build splits off', () => {
  const name = 'split-nodejs-0123'
  const split = { name, revision: 1, package: storedAs('cc') }
  const outcome = {
    ...SUCCEEDED,
    split,
    dependency: madeOf(name, 'cc', { revision: 1 }),
  } as Outcome

  test('is one for all builds that make it, and used by their functions', async () => {
    const builds = await Promise.all(
      ['one', 'two'].map((fn) => records.accept([newBuild(fn)], { tenant: 'acme' })),
    )
    for (const { ids } of builds) await ended(ids[0] ?? '', outcome)
    expect(await records.dependency('acme', name)).toMatchObject({
      revisions: 1,
      newest: { revision: 1, build: builds[0]?.ids[0] },
    })
    const view = await records.get('acme', builds[1]?.ids[0] ?? '')
    expect(view).toMatchObject({ kind: 'function', split, package: STORED })
    expect(view.revision).toBeUndefined()
    expect(await usersOf(name)).toEqual({ count: 2, functions: ['one', 'two'], builds: [] })
    await expect(records.dropDependency('acme', name)).rejects.toThrow('function one, function two')
  })

  test('has its number again when it was deleted and is made again', async () => {
    for (const fn of ['one', 'two']) {
      const [id = ''] = (await records.accept([newBuild(fn)], { tenant: 'acme' })).ids
      await ended(id)
    }
    expect(await records.dropDependency('acme', name)).toEqual({ dropped: 1 })
    const [id = ''] = (await records.accept([newBuild('one')], { tenant: 'acme' })).ids
    await ended(id, outcome)
    expect(await records.revision('acme', name)).toMatchObject({ revision: 1, build: id })
  })
})

describe('a build that attaches one', () => {
  test('is refused where it is not there, and leaves nothing behind', async () => {
    const pin = { name: 'absent', revision: 3, sha256: 'aa', size: 1 }
    const request = { ...newRequest('lonely'), dependencies: [pin] }
    const idempotency = { key: 'once', fingerprint: 'f' }
    const accepting = { tenant: 'acme', batch: {}, idempotency }
    const builds = [newBuild('lonely'), newBuild('lonely', { request })]
    await expect(records.accept(builds, accepting)).rejects.toMatchObject({
      code: 'DEPENDENCY_PACKAGE_NOT_FOUND',
      message: 'There is no dependency package "absent@3"',
    })
    expect((await records.list('acme', { function: 'lonely' })).items).toEqual([])
    // The key is free: the mended request is taken.
    expect(await records.accept([newBuild('lonely')], accepting)).toMatchObject({ replayed: false })
  })

  test('uses it until it has ended; one that failed has changed nothing', async () => {
    await published('until', 'u1')
    const id = await using('until', 1, 'until-fn')
    expect(await usersOf('until')).toEqual({ count: 1, functions: [], builds: [id] })
    await expect(records.dropDependency('acme', 'until')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `until@1 is in use by unfinished build ${id}`,
    })
    await ended(id, FAILED)
    expect(await usersOf('until')).toMatchObject({ count: 0 })
    const cancelled = await using('until', 1, 'until-fn')
    await records.cancel('acme', cancelled, 'asked for')
    expect(await usersOf('until')).toMatchObject({ count: 0 })
  })

  test('makes its function use it, until a newer package does not', async () => {
    await published('newer', 'n1')
    await published('newer', 'n2')
    await ended(await using('newer', 1, 'newer-fn'))
    expect(await usersOf('newer')).toEqual({ count: 1, functions: ['newer-fn'], builds: [] })
    await ended(await using('newer', 1, 'newer-fn'), FAILED)
    expect(await usersOf('newer')).toMatchObject({ functions: ['newer-fn'] })
    await ended(await using('newer', 2, 'newer-fn'))
    expect(await usersOf('newer', 1)).toMatchObject({ count: 0 })
    expect(await usersOf('newer', 2)).toMatchObject({ functions: ['newer-fn'] })
    const [plain = ''] = (await records.accept([newBuild('newer-fn')], { tenant: 'acme' })).ids
    await ended(plain)
    expect(await usersOf('newer', 2)).toMatchObject({ count: 0 })
  })

  test('and ends after a newer one of its function changes nothing', async () => {
    await published('overtaken', 'o1')
    const older = await using('overtaken', 1, 'overtaken-fn')
    const [newer = ''] = (await records.accept([newBuild('overtaken-fn')], { tenant: 'acme' })).ids
    await ended(newer)
    await ended(older)
    expect(await usersOf('overtaken')).toMatchObject({ count: 0 })
  })
})

describe('deleting', () => {
  test('takes one revision or all, and never gives a number again', async () => {
    for (const sha256 of ['d1', 'd2', 'd3']) await published('drop', sha256)
    expect(await records.dropDependency('acme', 'drop', 3)).toEqual({ dropped: 1 })
    expect(await records.revision('acme', 'drop')).toMatchObject({ revision: 2 })
    await published('drop', 'd3')
    expect(await records.revision('acme', 'drop')).toMatchObject({ revision: 4 })
    expect(await records.dropDependency('acme', 'drop')).toEqual({ dropped: 3 })
    const listed = (await records.listDependencies('acme', { limit: 500 })).items
    expect(listed.map(({ name }) => name)).not.toContain('drop')
    for (const gone of [
      () => records.dropDependency('acme', 'drop'),
      () => records.dropDependency('acme', 'drop', 1),
      () => records.listRevisions('acme', 'drop'),
      () => records.revision('acme', 'drop', 4),
    ]) {
      await expect(gone()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
    await published('drop', 'd1')
    expect(await records.revision('acme', 'drop')).toMatchObject({ revision: 5 })
  })

  test('deletes nothing where one of the revisions is in use, and names some of many users', async () => {
    for (const sha256 of ['k1', 'k2']) await published('kept', sha256)
    for (let index = 0; index < 22; index += 1) await using('kept', 2, `kept-${index}`)
    const dropping = records.dropDependency('acme', 'kept')
    await expect(dropping).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(dropping).rejects.toThrow(/^kept@2 is in use by .* and 2 more$/)
    expect(await records.dependency('acme', 'kept')).toMatchObject({ revisions: 2 })
    expect(await records.dropDependency('acme', 'kept', 1)).toEqual({ dropped: 1 })
  })
})

describe('lists', () => {
  test('go by name and by revision, newest first, page by page', async () => {
    for (const sha256 of ['p1', 'p2', 'p3']) await published('paged-b', sha256)
    await published('paged-a', 'p1')
    const first = await records.listDependencies('acme', { cursor: 'paged', limit: 1 })
    expect(first).toMatchObject({ items: [{ name: 'paged-a', revisions: 1 }], next: 'paged-a' })
    const second = await records.listDependencies('acme', { cursor: first.next, limit: 1 })
    expect(second.items).toMatchObject([{ name: 'paged-b', newest: { revision: 3 } }])
    const page = await records.listRevisions('acme', 'paged-b', { limit: 2 })
    expect(page.items.map(({ revision }) => revision)).toEqual([3, 2])
    const rest = await records.listRevisions('acme', 'paged-b', { cursor: page.next, limit: 2 })
    expect(rest).toMatchObject({ items: [{ revision: 1, package: { sha256: 'p1' } }] })
    expect(rest.next).toBeUndefined()
  })

  test('hold what is the tenant its own', async () => {
    await published('secret', 's1')
    expect(await records.listDependencies('other')).toEqual({ items: [] })
    for (const look of [
      () => records.dependency('other', 'secret'),
      () => records.revision('other', 'secret', 1),
      () => records.dropDependency('other', 'secret'),
    ]) {
      await expect(look()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
  })
})
