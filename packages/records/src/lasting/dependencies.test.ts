import type { StoredPackage } from '@packline/shared'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MadeDependency, Outcome } from '../outcome.ts'
import {
  makeTestInstallation,
  newBuild,
  newRequest,
  removeKeys,
  STORED,
  SUCCEEDED,
  type TestInstallation,
} from '../test-installation.ts'
import { loseRedis } from './test-lasting.ts'

let all: TestInstallation
beforeEach(async () => {
  all = await makeTestInstallation()
})
afterEach(() => all.remove())

const acme = { tenant: 'acme' }
const SPLIT = 'split-nodejs-0123'

function madeOf(name: string, sha256: string, revision?: number): MadeDependency {
  const target = { runtime: 'nodejs', version: '20.15', architecture: 'x86_64' } as const
  const stored: StoredPackage = {
    ...STORED,
    key: `dependencies/acme/${name}/${sha256}.zip`,
    sha256,
  }
  return { name, ...target, package: stored, ...(revision && { revision }) }
}

async function ended(build: ReturnType<typeof newBuild>, outcome: object): Promise<string> {
  const [id = ''] = (await all.records.accept([build], acme)).ids
  await all.records.begin(id, 'w1')
  await all.records.finish(id, 1, { ...SUCCEEDED, ...outcome } as Outcome)
  return id
}

function published(name: string, sha256: string): Promise<string> {
  const request = { ...newRequest(name), type: 'dependency' as const, handler: undefined }
  const dependency = madeOf(name, sha256)
  return ended(newBuild(name, { request }), { package: dependency.package, dependency })
}

/** A function's build that splits off what was installed for it. */
function split(name: string): Promise<string> {
  const dependency = madeOf(SPLIT, 'cc', 1)
  const apart = { name: SPLIT, revision: 1, package: dependency.package }
  return ended(newBuild(name), { split: apart, dependency })
}

function using(name: string, dependency: string, revision: number): Promise<string> {
  const dependencies = [{ name: dependency, revision, sha256: 'aa', size: 180 }]
  return ended(newBuild(name, { request: { ...newRequest(name), dependencies } }), {})
}

/** All that anybody can see of the tenant's dependency packages. */
async function everything() {
  const { records } = all
  const { items } = await records.listDependencies('acme')
  const names = items.map(({ name }) => name)
  const revisions = await Promise.all(
    names.map(async (name) => (await records.listRevisions('acme', name)).items),
  )
  const builds = (await records.list('acme', {})).items
  const users = await Promise.all(
    revisions.flat().map(({ name, revision }) => records.users('acme', { name, revision })),
  )
  return { items, revisions, users, builds }
}

async function isAsItWas() {
  const before = await everything()
  await loseRedis(all)
  await all.records.restore()
  expect(await everything()).toEqual(before)
}

test('revisions and those who use them are as they were, from their builds alone', async () => {
  for (const sha256 of ['a1', 'a2', 'a1', 'a3']) await published('libraries', sha256)
  await using('one', 'libraries', 1)
  await using('two', 'libraries', 1)
  await using('two', 'libraries', 2)
  await split('three')
  await split('four')
  expect(await all.redis.exists(all.keys.lastingVersions)).toBe(0)
  await isAsItWas()
  const users = await all.records.users('acme', { name: 'libraries', revision: 1 })
  expect(users).toEqual({ count: 1, functions: ['one'], builds: [] })
  const id = await published('libraries', 'a4')
  expect(await all.records.get('acme', id)).toMatchObject({ revision: 4 })
  const equal = await published('libraries', 'a2')
  expect(await all.records.get('acme', equal)).toMatchObject({ revision: 2 })
  await expect(all.records.dropDependency('acme', SPLIT)).rejects.toMatchObject({
    code: 'CONFLICT',
  })
})

test('deleted revisions stay deleted, and their numbers are not given again', async () => {
  for (const sha256 of ['a1', 'a2', 'a3']) await published('libraries', sha256)
  await all.records.dropDependency('acme', 'libraries', 2)
  await all.records.dropDependency('acme', 'libraries', 3)
  await published('gone', 'g1')
  await all.records.dropDependency('acme', 'gone')
  await isAsItWas()
  for (const [name, revision] of [
    ['libraries', 4],
    ['gone', 2],
  ] as const) {
    const id = await published(name, 'a3')
    expect(await all.records.get('acme', id)).toMatchObject({ revision })
  }
  await isAsItWas()
})

test('what was split off, deleted and made again is there', async () => {
  await split('one')
  await ended(newBuild('one'), {})
  await all.records.dropDependency('acme', SPLIT)
  await isAsItWas()
  expect((await everything()).items).toEqual([])
  await split('one')
  await isAsItWas()
  expect((await everything()).items).toMatchObject([{ name: SPLIT, revisions: 1 }])
})

test('no revision is given before an emptied Redis knows those that were', async () => {
  await published('libraries', 'a1')
  await loseRedis(all)
  const id = await published('libraries', 'a2')
  expect(await all.records.get('acme', id)).toMatchObject({ revision: 2 })
  const { items } = await all.records.listRevisions('acme', 'libraries')
  expect(items.map(({ revision }) => revision)).toEqual([2, 1])
})

test('a revision that is there twice, by its build and by itself, is as one', async () => {
  await published('libraries', 'a1')
  await published('libraries', 'a2')
  await all.records.dropDependency('acme', 'libraries', 1)
  await loseRedis(all)
  await all.records.restore()
  const before = await everything()
  await all.redis.del(all.keys.segments, all.keys.lastingVersions)
  await all.records.restore()
  expect(await everything()).toEqual(before)
  await removeKeys(all.redis, all.prefix)
  await all.records.restore()
  expect(await everything()).toEqual(before)
})
