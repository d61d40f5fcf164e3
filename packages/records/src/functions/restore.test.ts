import type { FunctionSettings } from '@packline/shared'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  makeTestInstallation,
  newBuild,
  removeKeys,
  SUCCEEDED,
  type TestInstallation,
} from '../test-installation.ts'

let all: TestInstallation
beforeEach(async () => {
  all = await makeTestInstallation()
})
afterEach(() => all.remove())

const SETTINGS: FunctionSettings = {
  type: 'event',
  runtime: 'nodejs',
  version: '20.15',
  architecture: 'x86_64',
  handler: 'index.handler',
  build: { load: false, timeoutSeconds: 900 },
}

const put = (name: string) => all.records.functions.put('acme', name, SETTINGS)

async function accepted(name: string): Promise<string> {
  const [id = ''] = (await all.records.accept([newBuild(name)], { tenant: 'acme' })).ids
  return id
}

async function end(id: string): Promise<void> {
  await all.records.begin(id, 'w1')
  await all.records.finish(id, 1, SUCCEEDED)
}

async function archived(): Promise<void> {
  while ((await all.records.archive()).left);
}

const packagesOf = async (name: string) =>
  (await all.records.functions.packages('acme', name)).items

test('packages have their numbers again, from the archive alone', async () => {
  await put('one')
  await put('two')
  for (const name of ['one', 'two', 'one', 'one', 'unknown']) await end(await accepted(name))
  await archived()
  const before = { one: await packagesOf('one'), two: await packagesOf('two') }
  expect(before.one.map(({ number }) => number)).toEqual([3, 2, 1])
  await removeKeys(all.redis, all.prefix)
  expect(await all.records.restore()).toMatchObject({ segments: 1, builds: 5 })
  // Who it was is not in the archive: the name is registered anew.
  await expect(packagesOf('one')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await put('one')
  await put('two')
  expect({ one: await packagesOf('one'), two: await packagesOf('two') }).toEqual(before)
  expect(await all.records.functions.aliases('acme', 'one')).toEqual({ current: 3 })
  const id = await accepted('one')
  await end(id)
  expect(await all.records.get('acme', id)).toMatchObject({ number: 4 })
  expect(await all.records.functions.aliases('acme', 'one')).toEqual({ current: 4 })
})

test('what a restored function keeps no more goes when it is registered', async () => {
  await put('hello')
  for (let turn = 0; turn < 3; turn += 1) await end(await accepted('hello'))
  await archived()
  await removeKeys(all.redis, all.prefix)
  await all.records.restore()
  await all.records.functions.put('acme', 'hello', { ...SETTINGS, keep: { count: 1 } })
  expect((await packagesOf('hello')).map(({ number }) => number)).toEqual([3])
})

test('a build that an older Redis has as unfinished keeps the number that it was given', async () => {
  await put('hello')
  const id = await accepted('hello')
  await all.records.begin(id, 'w1')
  const record = all.keys.build(id)
  const copy = await all.redis.dumpBuffer(record)
  await all.records.finish(id, 1, SUCCEEDED)
  await archived()
  const before = await packagesOf('hello')
  // As restored from a copy that was made while it ran.
  await all.redis.restore(record, 0, copy, 'REPLACE')
  await all.redis.del(
    all.keys.segments,
    all.keys.numbers('acme', 'hello'),
    all.keys.numbered('acme', 'hello'),
    all.keys.numberCounts('acme'),
    all.keys.aliases('acme', 'hello'),
  )
  expect(await all.records.restore()).toMatchObject({ segments: 1, builds: 1 })
  expect(await packagesOf('hello')).toEqual(before)
  const next = await accepted('hello')
  await end(next)
  expect((await packagesOf('hello')).map(({ number }) => number)).toEqual([2, 1])
})

test('restoring twice numbers nothing twice', async () => {
  await put('hello')
  await end(await accepted('hello'))
  await archived()
  await all.redis.del(all.keys.segments)
  expect(await all.records.restore()).toMatchObject({ segments: 1, builds: 0 })
  expect(await packagesOf('hello')).toHaveLength(1)
})
