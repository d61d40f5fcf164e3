import { PacklineError, STORE_KEYS } from '@packline/shared'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loseRedis } from './lasting/test-lasting.ts'
import { makeRecords } from './make-records.ts'
import type { Outcome } from './outcome.ts'
import {
  makeTestInstallation,
  newBuild,
  newRequest,
  STORED,
  SUCCEEDED,
  type TestInstallation,
} from './test-installation.ts'
import { aDayLater, storedKeys, storeObject } from './test-stored-objects.ts'

let all: TestInstallation
beforeEach(async () => {
  all = await makeTestInstallation()
})
afterEach(() => all.remove())

const keyOf = (sha256: string, name = 'libs') => `dependencies/acme/${name}/${sha256}.zip`
const target = { runtime: 'nodejs', version: '20.15', architecture: 'x86_64' } as const

/** A revision whose object lies in the store. */
async function published(sha256: string, name = 'libs'): Promise<void> {
  await storeObject(all, keyOf(sha256, name))
  const request = { ...newRequest(name), type: 'dependency' as const, handler: undefined }
  const [id = ''] = (await all.records.accept([newBuild(name, { request })], { tenant: 'acme' }))
    .ids
  await all.records.begin(id, 'w1')
  const stored = { ...STORED, key: keyOf(sha256, name), sha256 }
  const dependency = { ...target, name, package: stored }
  await all.records.finish(id, 1, { ...SUCCEEDED, package: stored, dependency } as Outcome)
}

test('dependency packages that are revisions stay, others go, also after Redis was lost', async () => {
  for (const sha256 of ['a1', 'a2', 'a3']) await published(sha256)
  await published('a1', 'others')
  for (const key of [keyOf('lost'), keyOf('lost', 'unknown')]) await storeObject(all, key)
  const left = [keyOf('a1'), keyOf('a2'), keyOf('a3'), keyOf('a1', 'others')]
  expect(await all.records.sweepObjects()).toMatchObject({ removed: 2 })
  expect(await storedKeys(all)).toEqual(left)
  await loseRedis(all)
  expect(await all.records.sweepObjects()).toEqual({ restored: 4, removed: 0 })
  expect(await storedKeys(all)).toEqual(left)
})

test('one whose revision was deleted stays a day and goes then, its SBOM at once', async () => {
  await published('a1')
  await published('a2')
  const sbomOf = (sha256: string) => STORE_KEYS.sbom(keyOf(sha256))
  for (const sha256 of ['a1', 'a2']) await storeObject(all, sbomOf(sha256))
  await all.records.dropDependency('acme', 'libs', 1)
  await all.records.sweepObjects()
  const left = [sbomOf('a2'), keyOf('a2')]
  expect(await storedKeys(all)).toEqual([keyOf('a1'), ...left])
  await aDayLater(all)
  expect(await all.records.sweepObjects()).toMatchObject({ removed: 1 })
  expect(await storedKeys(all)).toEqual(left)
  await loseRedis(all)
  expect(await all.records.sweepObjects()).toMatchObject({ removed: 0 })
  expect(await storedKeys(all)).toEqual(left)
})

test('one that a build has claimed is not removed, and none is claimed while it is', async () => {
  for (const sha256 of ['a1', 'a2']) await storeObject(all, keyOf(sha256))
  await all.records.claim([keyOf('a1')])
  const refused: unknown[] = []
  const { redis, prefix, queues, store } = all
  const remove = async (key: string) => {
    await all.records.claim([key]).catch((error: unknown) => refused.push(error))
    await store.remove(key)
  }
  const sweeper = makeRecords({ redis, prefix, queues, store: { ...store, remove } })
  expect(await sweeper.sweepObjects()).toMatchObject({ removed: 1 })
  expect(await storedKeys(all)).toEqual([keyOf('a1')])
  expect(refused).toEqual([expect.any(PacklineError)])
  expect(refused).toMatchObject([{ code: 'STORE_UNAVAILABLE' }])
  await sweeper.close()
})
