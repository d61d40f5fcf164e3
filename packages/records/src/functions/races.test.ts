import type { DraftEntry, FunctionSettings } from '@packline/shared'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Records } from '../records.ts'
import {
  makeTestInstallation,
  newBuild,
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
  runtime: 'python',
  version: '3.10',
  architecture: 'x86_64',
  handler: 'index.handler',
  build: { load: false, timeoutSeconds: 900 },
}

const file = (sha256: string): DraftEntry => ({ kind: 'file', size: 1, sha256 })

/** Adds one file, again and again until it is the first to write on what it has read. */
async function add(records: Records, name: string): Promise<number> {
  for (;;) {
    const draft = await records.functions.draft('acme', 'hello')
    const entries = new Map([...draft.entries, [name, file(name)]])
    const version = await records.functions.saveDraft('acme', 'hello', draft, { entries })
    if (version !== undefined) return version
  }
}

test('editors of several processes lose nothing of each other, and share no version', async () => {
  await all.records.functions.put('acme', 'hello', SETTINGS)
  const processes = [all.records, all.anotherProcess(), all.anotherProcess()]
  const names = Array.from({ length: 18 }, (_, index) => `f${String(index).padStart(2, '0')}.py`)
  const versions = await Promise.all(
    names.map((name, index) => add(processes[index % 3] ?? all.records, name)),
  )
  const draft = await all.records.functions.draft('acme', 'hello')
  expect([...draft.entries.keys()]).toEqual(names)
  expect(draft.version).toBe(names.length)
  expect(versions.toSorted((one, other) => one - other)).toEqual(names.map((_, index) => index + 1))
})

test('builds that end at once get each its own number, and current the newest of them', async () => {
  await all.records.functions.put('acme', 'hello', SETTINGS)
  const processes = [all.records, all.anotherProcess()]
  const builds = Array.from({ length: 12 }, () => newBuild('hello'))
  const { ids } = await all.records.accept(builds, { tenant: 'acme' })
  await Promise.all(ids.map((id) => all.records.begin(id, 'w1')))
  await Promise.all(
    ids.map((id, index) => (processes[index % 2] ?? all.records).finish(id, 1, SUCCEEDED)),
  )
  const { items } = await all.records.functions.packages('acme', 'hello')
  expect(items.map(({ number }) => number)).toEqual(ids.map((_, index) => ids.length - index))
  expect(items.map(({ build }) => build).toSorted()).toEqual(ids.toSorted())
  const newest = items.find(({ build }) => build === ids.toSorted().at(-1))
  expect(await all.records.functions.aliases('acme', 'hello')).toEqual({ current: newest?.number })
})

test('an alias never points to a package that is gone, whoever is first', async () => {
  await all.records.functions.put('acme', 'hello', { ...SETTINGS, keep: { count: 1 } })
  const { ids } = await all.records.accept(
    Array.from({ length: 8 }, () => newBuild('hello')),
    { tenant: 'acme' },
  )
  await Promise.all(ids.map((id) => all.records.begin(id, 'w1')))
  const { functions } = all.records
  const pointed = ids.map(async (id, index) => {
    await all.records.finish(id, 1, SUCCEEDED)
    return functions.pointAlias('acme', 'hello', `alias-${index}`, index + 1).then(
      () => true,
      (error: { code: string }) => error.code === 'NOT_FOUND',
    )
  })
  expect(await Promise.all(pointed)).toEqual(ids.map(() => true))
  const aliases = await functions.aliases('acme', 'hello')
  for (const alias of Object.keys(aliases)) {
    expect(await functions.package('acme', 'hello', alias)).toMatchObject({
      number: aliases[alias],
      aliases: expect.arrayContaining([alias]),
    })
  }
})
