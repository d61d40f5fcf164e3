import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeTestInstallation, type TestInstallation } from '../test-installation.ts'
import { keepAll, loseRedis, SETTINGS, saveDraft, succeeded } from './test-lasting.ts'

let all: TestInstallation
beforeEach(async () => {
  all = await makeTestInstallation()
})
afterEach(() => all.remove())

const put = (name: string, more: Partial<typeof SETTINGS> = {}) =>
  all.records.functions.put('acme', name, { ...SETTINGS, ...more })
const point = (name: string, alias: string, number: number) =>
  all.records.functions.pointAlias('acme', name, alias, number)
const build = (name: string) => succeeded(all.records, name)
const packagesOf = async (name: string) =>
  (await all.records.functions.packages('acme', name)).items
const numbersOf = async (name: string) => (await packagesOf(name)).map(({ number }) => number)

/** All that anybody can see of the tenant's functions, and which builds name their packages. */
async function everything() {
  const { functions } = all.records
  const { items } = await functions.list('acme')
  const builds = (await all.records.list('acme', {})).items
  return {
    items,
    builds,
    drafts: await Promise.all(items.map(({ name }) => functions.draft('acme', name))),
    packages: await Promise.all(items.map(({ name }) => packagesOf(name))),
    dropped: await Promise.all(
      builds.map(({ id }) => all.redis.hget(all.keys.build(id), 'dropped')),
    ),
  }
}

async function isAsItWas() {
  const before = await everything()
  await loseRedis(all)
  await all.records.restore()
  expect(await everything()).toEqual(before)
}

test('settings, drafts, numbers and aliases are as they were', async () => {
  await put('hello', { description: 'greets', keep: { count: 2 }, labels: { team: 'blue' } })
  await saveDraft(all.records, 'hello', { 'index.js': 'aa', 'lib/你好.js': 'bb' })
  await build('hello')
  await build('hello')
  await point('hello', 'stable', 2)
  for (let turn = 0; turn < 3; turn += 1) await build('hello')
  await point('hello', 'current', 4)
  await put('archive')
  const empty = await all.records.functions.draft('acme', 'archive')
  const archive = { upload: 'cc', size: 1, unpackedSize: 2, entries: 3 }
  await all.records.functions.saveDraft('acme', 'archive', empty, { entries: new Map(), archive })
  await put('bare')
  expect(await numbersOf('hello')).toEqual([5, 4, 2])
  await isAsItWas()
  expect(await all.records.functions.aliases('acme', 'hello')).toEqual({ current: 4, stable: 2 })
  const id = await build('hello')
  expect(await all.records.get('acme', id)).toMatchObject({ number: 6 })
  expect(await all.records.functions.aliases('acme', 'hello')).toEqual({ current: 6, stable: 2 })
})

test('a draft of thousands of files is as it was', async () => {
  await put('large')
  const paths = Array.from({ length: 5000 }, (_, index) => `folder/${index}.js`)
  await saveDraft(all.records, 'large', Object.fromEntries(paths.map((path) => [path, 'aa'])))
  await isAsItWas()
})

test('builds that ended since a function was written move its numbers and `current` on', async () => {
  await put('hello', { keep: { count: 2 } })
  for (let turn = 0; turn < 3; turn += 1) await build('hello')
  await point('hello', 'current', 2)
  await keepAll(all)
  const versions = await all.redis.hgetall(all.keys.lastingVersions)
  await build('hello')
  await build('hello')
  // A build's end is not a change of its function: nothing more is written for it.
  expect(await all.redis.hgetall(all.keys.lastingVersions)).toEqual(versions)
  expect(await all.redis.zcard(all.keys.lastingDue)).toBe(0)
  expect(await numbersOf('hello')).toEqual([5, 4])
  await isAsItWas()
})

test('what retention has taken away stays away, also where more would be kept by now', async () => {
  await put('hello', { keep: { count: 1 } })
  await build('hello')
  await point('hello', 'stable', 1)
  await build('hello')
  await build('hello')
  await put('hello', { keep: { count: 9 } })
  expect(await numbersOf('hello')).toEqual([3, 1])
  await isAsItWas()
})

test('a deleted function stays deleted, and its numbers are known when it comes back', async () => {
  await put('gone')
  await saveDraft(all.records, 'gone', { 'index.js': 'aa' })
  await build('gone')
  await build('gone')
  await keepAll(all)
  await all.records.functions.drop('acme', 'gone')
  await put('again')
  await build('again')
  await all.records.functions.drop('acme', 'again')
  await put('again')
  await isAsItWas()
  expect(await all.records.functions.aliases('acme', 'again')).toEqual({})
  await put('gone')
  expect(await numbersOf('gone')).toEqual([2, 1])
  expect(await all.records.functions.aliases('acme', 'gone')).toEqual({})
  const id = await build('gone')
  expect(await all.records.get('acme', id)).toMatchObject({ number: 3 })
})

test('what a draft has let go stays in the store for a day, since it may come back', async () => {
  await put('hello')
  await saveDraft(all.records, 'hello', { 'a.js': 'aa', 'b.js': 'bb' })
  await saveDraft(all.records, 'hello', { 'a.js': 'cc', 'b.js': 'bb' })
  const claimed = (sha256: string) => all.redis.zscore(all.keys.claims, `drafts/acme/${sha256}`)
  expect(await claimed('aa')).not.toBeNull()
  await saveDraft(all.records, 'hello', {})
  expect(await claimed('cc')).not.toBeNull()
  await saveDraft(all.records, 'hello', { 'd.js': 'dd' })
  expect(await claimed('dd')).toBeNull()
  await all.records.functions.drop('acme', 'hello')
  expect(await claimed('dd')).not.toBeNull()
})
