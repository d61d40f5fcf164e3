import type { DraftArchive, DraftEntry, FunctionSettings, StoredPackage } from '@packline/shared'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  makeTestInstallation,
  newBuild,
  STORED,
  SUCCEEDED,
  type TestInstallation,
} from '../test-installation.ts'
import { aDayLater, storedKeys, storeObject } from '../test-stored-objects.ts'

let all: TestInstallation
beforeEach(async () => {
  all = await makeTestInstallation()
})
afterEach(() => all.remove())

const acme = { tenant: 'acme' }
const PACKAGE = 'packages/acme/hello/aa.zip'
const UPLOAD = 'uploads/acme/bb.zip'

const store = (key: string, ageMs?: number) => storeObject(all, key, ageMs)
const stored = () => storedKeys(all)

async function accepted(sourceKey?: string): Promise<string> {
  const [id = ''] = (await all.records.accept([newBuild('hello', { sourceKey })], acme)).ids
  return id
}

/** A build whose package lies in the store. */
async function succeeded(key = PACKAGE, sourceKey?: string): Promise<string> {
  const id = await accepted(sourceKey)
  await all.records.begin(id, 'w1')
  const stored: StoredPackage = { ...STORED, key }
  await all.records.finish(id, 1, { ...SUCCEEDED, package: stored } as typeof SUCCEEDED)
  return id
}

const settings: FunctionSettings = {
  type: 'event',
  runtime: 'nodejs',
  version: '20.15',
  architecture: 'x86_64',
  handler: 'index.handler',
  build: { load: false, timeoutSeconds: 900 },
}
const put = (keep?: FunctionSettings['keep']) =>
  all.records.functions.put('acme', 'hello', { ...settings, keep })

async function save(entries: [string, DraftEntry][], archive?: DraftArchive) {
  const { functions } = all.records
  const before = await functions.draft('acme', 'hello')
  await functions.saveDraft('acme', 'hello', before, { entries: new Map(entries), archive })
}

test('what a draft holds stays, and what it held goes, but for builds of it', async () => {
  const [one, other, made] = ['drafts/acme/aa', 'drafts/acme/bb', 'drafts/acme/bb.zip'] as const
  for (const key of [one, other, made, 'drafts/acme/cc', 'drafts/acme/aa.zip']) await store(key)
  await put()
  await save([
    ['a.js', { kind: 'file', size: 1, sha256: 'aa' }],
    ['b.js', { kind: 'file', size: 1, sha256: 'bb' }],
    ['c', { kind: 'folder', size: 0 }],
  ])
  await accepted(made)
  expect(await all.records.sweepObjects()).toMatchObject({ removed: 2 })
  expect(await stored()).toEqual([one, other, made])
  await save([['b.js', { kind: 'file', size: 1, sha256: 'bb' }]])
  await aDayLater(all)
  expect(await all.records.sweepObjects()).toMatchObject({ removed: 1 })
  expect(await stored()).toEqual([other, made])
  await all.records.functions.drop('acme', 'hello')
  await aDayLater(all)
  await all.records.sweepObjects()
  expect(await stored()).toEqual([made])
})

test('an upload that is listed and not opened stays', async () => {
  await store(UPLOAD)
  await put()
  await save([], { upload: 'bb', size: 1, unpackedSize: 1, entries: 1 })
  await all.records.sweepObjects()
  expect(await stored()).toEqual([UPLOAD])
})

test('packages that are kept no more go, but for what another build or an alias names', async () => {
  const [one, two, three] = [1, 2, 3].map((of) => `packages/acme/hello/${of}.zip`)
  for (const key of [one, two, three]) await store(key ?? '')
  await put({ count: 1 })
  await succeeded(one)
  await all.records.functions.pointAlias('acme', 'hello', 'stable', 1)
  await succeeded(two)
  await succeeded(two)
  await succeeded(three)
  expect((await all.records.functions.packages('acme', 'hello')).items).toMatchObject([
    { number: 4 },
    { number: 1 },
  ])
  await all.records.sweepObjects()
  expect(await stored()).toEqual([one, three])
  while ((await all.records.archive()).left);
  await all.records.functions.dropAlias('acme', 'hello', 'stable')
  await aDayLater(all)
  await all.records.sweepObjects()
  expect(await stored()).toEqual([three])
})
