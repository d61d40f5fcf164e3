import type { DraftEntry, FunctionSettings } from '@packline/shared'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  makeTestInstallation,
  newBuild,
  newRequest,
  SUCCEEDED,
  type TestInstallation,
} from '../test-installation.ts'
import type { Draft } from './functions.ts'

let all: TestInstallation
beforeEach(async () => {
  all = await makeTestInstallation()
})
afterEach(() => all.remove())

const acme = { tenant: 'acme' }
const SETTINGS: FunctionSettings = {
  type: 'event',
  runtime: 'nodejs',
  version: '20.15',
  architecture: 'x86_64',
  handler: 'index.handler',
  build: { load: false, timeoutSeconds: 900 },
}
const JAVA: FunctionSettings = { ...SETTINGS, runtime: 'java', version: '17' }

const put = (changes: Partial<FunctionSettings> = {}, name = 'hello') =>
  all.records.functions.put('acme', name, { ...SETTINGS, ...changes })

async function accepted(name = 'hello'): Promise<string> {
  const [id = ''] = (await all.records.accept([newBuild(name)], acme)).ids
  return id
}

async function end(id: string): Promise<number | undefined> {
  await all.records.begin(id, 'w1')
  await all.records.finish(id, 1, SUCCEEDED)
  return (await all.records.get('acme', id)).number
}

const succeeded = async (name?: string) => end(await accepted(name))

const numbers = async () =>
  (await all.records.functions.packages('acme', 'hello')).items.map(({ number }) => number)
const aliases = () => all.records.functions.aliases('acme', 'hello')
const point = (alias: string, number: number) =>
  all.records.functions.pointAlias('acme', 'hello', alias, number)

describe('a function', () => {
  test('is found by its tenant alone, in the order of names', async () => {
    const { functions } = all.records
    expect(await put({ description: 'greets' })).toBe('created')
    expect(await put({}, 'another')).toBe('created')
    expect(await put()).toBe('changed')
    const view = await functions.get('acme', 'hello')
    expect(view).toMatchObject({ name: 'hello', runtime: 'nodejs', aliases: {} })
    expect(view.description).toBeUndefined()
    const page = await functions.list('acme', { limit: 1 })
    expect(page).toMatchObject({ items: [{ name: 'another' }], next: 'another' })
    const rest = await functions.list('acme', { cursor: page.next })
    expect(rest.items.map(({ name }) => name)).toEqual(['hello'])
    const absent = { code: 'NOT_FOUND' }
    await expect(functions.get('other', 'hello')).rejects.toMatchObject(absent)
    await expect(functions.draft('other', 'hello')).rejects.toMatchObject(absent)
    await expect(functions.drop('other', 'hello')).rejects.toMatchObject(absent)
    await expect(functions.packages('other', 'hello')).rejects.toMatchObject(absent)
    await expect(functions.pointAlias('other', 'hello', 'a', 1)).rejects.toMatchObject(absent)
    expect((await functions.list('other')).items).toEqual([])
  })

  test('with online files does not become one that has none', async () => {
    await put()
    const { functions } = all.records
    const draft = await functions.draft('acme', 'hello')
    await functions.saveDraft('acme', 'hello', draft, { entries: new Map([['a', file('a')]]) })
    await expect(put(JAVA)).rejects.toMatchObject({ code: 'CONFLICT', at: 'runtime' })
    const now = await functions.draft('acme', 'hello')
    await functions.saveDraft('acme', 'hello', now, { entries: new Map() })
    expect(await put(JAVA)).toBe('changed')
    expect((await functions.get('acme', 'hello')).draft.editable).toBe(false)
  })

  test('that is deleted keeps its packages and their numbers for when it comes back', async () => {
    await put()
    await succeeded()
    await point('stable', 1)
    await expect(all.records.functions.drop('acme', 'hello')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'Packages of hello are in use as stable',
    })
    await all.records.functions.dropAlias('acme', 'hello', 'stable')
    await all.records.functions.drop('acme', 'hello')
    expect(await succeeded()).toBeUndefined()
    await put()
    expect(await numbers()).toEqual([1])
    expect(await succeeded()).toBe(2)
  })
})

function file(name: string): DraftEntry {
  return { kind: 'file', size: name.length, sha256: name }
}

describe('a draft', () => {
  const save = (before: Draft, entries: Draft['entries'], archive?: Draft['archive']) =>
    all.records.functions.saveDraft('acme', 'hello', before, { entries, archive })
  const read = () => all.records.functions.draft('acme', 'hello')

  test('gets a version with each change, and refuses one of an older', async () => {
    await put()
    const empty = await read()
    expect(empty).toEqual({ runtime: 'nodejs', version: 0, entries: new Map() })
    expect(await save(empty, new Map([['b', file('b')]]))).toBe(1)
    expect(await save(empty, new Map([['c', file('c')]]))).toBeUndefined()
    const one = await read()
    expect(await save(one, new Map([...one.entries, ['a', file('aa')]]))).toBe(2)
    const two = await read()
    expect([...two.entries.keys()]).toEqual(['a', 'b'])
    expect((await all.records.functions.get('acme', 'hello')).draft).toMatchObject({
      version: 2,
      files: 2,
      size: 3,
    })
    expect(await save(two, new Map([['a', { ...file('aa'), executable: true }]]))).toBe(3)
    expect(await read()).toEqual({
      runtime: 'nodejs',
      version: 3,
      entries: new Map([['a', { ...file('aa'), executable: true }]]),
    })
  })

  test('of thousands of files is written at once', async () => {
    await put()
    const names = Array.from({ length: 5000 }, (_, index) => `f${index}`)
    const many = new Map(names.map((name) => [name, file(name)]))
    expect(await save(await read(), many)).toBe(1)
    const before = await read()
    expect(before.entries.size).toBe(5000)
    const few = [...before.entries].slice(0, 2500)
    expect(await save(before, new Map([...few, ['new', file('n')]]))).toBe(2)
    expect((await read()).entries.size).toBe(2501)
  })

  test('may be an archive, until files take its place', async () => {
    await put()
    const archive = { upload: 'aa', size: 10, unpackedSize: 99, entries: 7 }
    await save(await read(), new Map(), archive)
    expect(await read()).toEqual({ runtime: 'nodejs', version: 1, entries: new Map(), archive })
    const { draft } = await all.records.functions.get('acme', 'hello')
    expect(draft).toEqual({ version: 1, files: 7, size: 99, editable: false })
    await expect(put(JAVA)).rejects.toMatchObject({ code: 'CONFLICT' })
    await save(await read(), new Map([['a', file('a')]]))
    expect((await read()).archive).toBeUndefined()
  })

  test('is packed once for a version', async () => {
    const { functions } = all.records
    const snapshot = { version: 3, sha256: 'ab', size: 1 }
    await functions.keepSnapshot('acme', 'hello', snapshot)
    expect(await functions.snapshot('acme', 'hello', 3)).toEqual(snapshot)
    expect(await functions.snapshot('acme', 'hello', 4)).toBeUndefined()
    expect(await functions.snapshot('other', 'hello', 3)).toBeUndefined()
  })
})

describe('packages', () => {
  test('are numbered in the script that ends the build, of registered functions only', async () => {
    expect(await succeeded()).toBeUndefined()
    await put()
    expect([await succeeded(), await succeeded()]).toEqual([1, 2])
    const failed = await accepted()
    await all.records.begin(failed, 'w1')
    const failure = { code: 'COMPILE_FAILED', title: 't', blame: 'caller', detail: 'd' } as const
    await all.records.finish(failed, 1, { state: 'failed', failure })
    const request = { ...newRequest('hello'), type: 'dependency' } as const
    const [id = ''] = (await all.records.accept([newBuild('hello', { request })], acme)).ids
    expect(await end(id)).toBeUndefined()
    expect(await numbers()).toEqual([2, 1])
    const events = await all.records.events('acme', await accepted())
    expect(events).toHaveLength(1)
  })

  test('say their number in the event that ends the build', async () => {
    await put()
    const id = await accepted()
    await end(id)
    const events = await all.records.events('acme', id)
    expect(events.at(-1)).toMatchObject({ type: 'succeeded', number: 1 })
    const found = await all.records.functions.package('acme', 'hello', 1)
    expect(found).toMatchObject({ number: 1, build: id, package: { size: 180 }, findings: 0 })
    expect(found.aliases).toEqual(['current'])
    expect(await all.records.functions.package('acme', 'hello', 'current')).toEqual(found)
    const { functions } = all.records
    await expect(functions.package('acme', 'hello', 2)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(functions.package('acme', 'hello', 'none')).rejects.toMatchObject({
      message: 'hello has no alias "none"',
    })
  })

  test('are listed by pages, newest first', async () => {
    await put()
    for (let turn = 0; turn < 3; turn += 1) await succeeded()
    const { functions } = all.records
    const page = await functions.packages('acme', 'hello', { limit: 2 })
    expect(page).toMatchObject({ items: [{ number: 3 }, { number: 2 }], next: '2' })
    const rest = await functions.packages('acme', 'hello', { limit: 2, cursor: '2' })
    expect(rest).toMatchObject({ items: [{ number: 1 }], next: undefined })
  })
})

describe('aliases', () => {
  test('point where they were told, and current to the newest build that succeeded', async () => {
    await put()
    const [older, newer] = [await accepted(), await accepted()]
    expect(await end(newer)).toBe(1)
    // It ends last, but was asked for first.
    expect(await end(older)).toBe(2)
    expect(await aliases()).toEqual({ current: 1 })
    await point('stable', 2)
    await point('current', 2)
    expect(await aliases()).toEqual({ current: 2, stable: 2 })
    expect(await succeeded()).toBe(3)
    expect(await aliases()).toEqual({ current: 3, stable: 2 })
    await expect(point('canary', 9)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const { functions } = all.records
    await functions.dropAlias('acme', 'hello', 'stable')
    await expect(functions.dropAlias('acme', 'hello', 'stable')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(functions.dropAlias('acme', 'hello', 'current')).rejects.toMatchObject({
      code: 'CONFLICT',
    })
  })
})

describe('retention', () => {
  test('by count keeps the newest and what an alias points to', async () => {
    await put({ keep: { count: 2 } })
    await succeeded()
    await point('stable', 1)
    for (let turn = 0; turn < 3; turn += 1) await succeeded()
    expect(await numbers()).toEqual([4, 3, 1])
    await point('stable', 3)
    expect(await numbers()).toEqual([4, 3])
    await put({ keep: { count: 1 } })
    expect(await numbers()).toEqual([4, 3])
    await all.records.functions.dropAlias('acme', 'hello', 'stable')
    expect(await numbers()).toEqual([4])
    await put()
    await succeeded()
    expect(await numbers()).toEqual([5, 4])
  })

  test('by age goes on though nothing is built', async () => {
    await put({ keep: { days: 2 } })
    for (let turn = 0; turn < 3; turn += 1) await succeeded()
    const old = Date.now() - 3 * 24 * 60 * 60_000
    await all.redis.hset(all.keys.numbered('acme', 'hello'), 'at:1', old, 'at:3', old)
    await all.redis.hset(all.keys.numbered('acme', 'hello'), 'at:2', old)
    await point('stable', 2)
    expect(await numbers()).toEqual([3, 2])
    await all.redis.hset(all.keys.aliases('acme', 'hello'), 'stable', 3)
    await all.records.sweepObjects()
    expect(await numbers()).toEqual([3])
  })
})
