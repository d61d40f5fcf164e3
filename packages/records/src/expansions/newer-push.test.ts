import { readFile } from 'node:fs/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { makeTestInstallation, newBuild, SUCCEEDED } from '../test-installation.ts'
import { expansionArguments } from './accept-expansion.ts'
import { begunExpansion, expand, listenForCancels, newDelivery } from './test-expansions.ts'

const installation = await makeTestInstallation()
const { records, redis, keys, queues, prefix } = installation
const { expansions } = records
const tenant = 'acme'
afterAll(installation.remove)

/** A push is received; what it touches is taken in when it is worked off. */
async function push(hook: string, number: number, ref = 'refs/heads/main') {
  const { id } = await expansions.accept(newDelivery(hook, number, { ref }), { tenant })
  return {
    id,
    touches: async (...names: string[]) => {
      const made = await expand(records, await begunExpansion(records, id), names)
      const idOf = (name: string) => made.builds.find((one) => one.function === name)?.build ?? ''
      return { ...made, idOf }
    },
  }
}

const stateOf = async (id: string) => (await records.get(tenant, id)).state

describe('a newer push on the same ref', () => {
  test('supersedes queued and running builds of the functions that it builds itself', async () => {
    const older = await (await push('h1', 1)).touches('queued', 'running', 'other')
    await records.begin(older.idOf('running'), 'w1')
    const { told, stop } = await listenForCancels(installation)
    const newer = await (await push('h1', 2)).touches('queued', 'running')
    expect(newer.superseded.toSorted()).toEqual(
      [older.idOf('queued'), older.idOf('running')].toSorted(),
    )
    for (const name of ['queued', 'running']) {
      expect(await records.get(tenant, older.idOf(name))).toMatchObject({
        state: 'cancelled',
        cancelReason: 'superseded',
      })
      expect(await stateOf(newer.idOf(name))).toBe('queued')
      const last = (await records.events(tenant, older.idOf(name))).at(-1)
      expect(last).toMatchObject({ type: 'cancelled', reason: 'superseded' })
    }
    expect(await records.note(older.idOf('running'), 1, { log: ['late'] })).toBe('refused')
    expect(await stateOf(older.idOf('other'))).toBe('queued')
    expect(await queues.get('nodejs').getJob(older.idOf('queued'))).toBeUndefined()
    await expect.poll(() => told).toContain(older.idOf('running'))
    stop()
  })

  test('leaves what has ended, and other refs and hooks', async () => {
    const done = await (await push('h2', 1)).touches('a')
    await records.begin(done.idOf('a'), 'w1')
    await records.finish(done.idOf('a'), 1, SUCCEEDED)
    const branch = await (await push('h2', 1, 'refs/heads/else')).touches('a')
    const other = await (await push('h3', 1)).touches('a')
    expect(await (await push('h2', 2)).touches('a')).toMatchObject({ superseded: [] })
    expect(await stateOf(done.idOf('a'))).toBe('succeeded')
    expect(await stateOf(branch.idOf('a'))).toBe('queued')
    expect(await stateOf(other.idOf('a'))).toBe('queued')
  })
})

describe('nothing touched is left unbuilt', () => {
  test.each([
    ['in order', [1, 2]],
    ['the newer one first', [2, 1]],
  ])('push 1 touches B, push 2 touches A, %s: both are built', async (how, order) => {
    const hook = `both-${how.length}`
    const pushes = new Map([
      [1, await push(hook, 1)],
      [2, await push(hook, 2)],
    ])
    for (const number of order) {
      const made = await pushes.get(number)?.touches(number === 1 ? 'B' : 'A')
      expect(made?.builds).toHaveLength(1)
      expect([made?.outrun, made?.superseded]).toEqual([[], []])
    }
    const items = (await records.list(tenant, { state: 'queued' })).items
    expect(
      items.filter(({ function: name }) => name === 'A' || name === 'B').length,
    ).toBeGreaterThan(1)
  })

  test('an older push that is worked off later builds only what no newer one has', async () => {
    const [one, two] = [await push('late', 1), await push('late', 2)]
    const newer = await two.touches('A')
    const older = await one.touches('A', 'B')
    expect(older.outrun).toEqual(['A'])
    expect(older.builds.map((made) => made.function)).toEqual(['B'])
    expect(await stateOf(newer.idOf('A'))).toBe('queued')
    expect(await stateOf(older.idOf('B'))).toBe('queued')
  })

  test('a push that is worked off again finds its builds, also superseded ones', async () => {
    const one = await push('again', 1)
    const first = await one.touches('A', 'B')
    await (await push('again', 2)).touches('A')
    const again = await one.touches('A', 'B')
    expect(again).toMatchObject({ builds: first.builds, outrun: [], superseded: [] })
    expect(await stateOf(first.idOf('A'))).toBe('cancelled')
  })

  test('the same push delivered by hand again builds anew, but nothing that a newer one has', async () => {
    const first = await (await push('by-hand', 1)).touches('A', 'B')
    await (await push('by-hand', 2)).touches('A')
    const again = await (await push('by-hand', 1)).touches('A', 'B')
    expect(again.outrun).toEqual(['A'])
    expect(again.superseded).toEqual([first.idOf('B')])
    expect(await stateOf(again.idOf('B'))).toBe('queued')
  })

  test('builds that wait in the tenant’s list are superseded, and their room is given on', async () => {
    const asked = Array.from({ length: 6 }, () => newBuild('bulk', { priority: 'bulk' }))
    await records.accept(asked, { tenant: 'full', window: 2 })
    const { id } = await expansions.accept(newDelivery('full', 1), { tenant: 'full' })
    const begun = await begunExpansion(records, id)
    const bulk = await expansions.build(begun, [newBuild('A', { priority: 'bulk' })])
    if (typeof bulk === 'string') throw new Error(bulk)
    const next = await expansions.accept(newDelivery('full', 2), { tenant: 'full' })
    const newer = await begunExpansion(records, next.id)
    await expansions.build(newer, [newBuild('A', { priority: 'bulk' })])
    const old = bulk.builds[0]?.build ?? ''
    expect((await records.get('full', old)).state).toBe('cancelled')
    expect(await redis.zscore(`${prefix}:held:full`, old)).toBeNull()
  })
})

test('a script takes a delivery in under the next number of its hook and ref', async () => {
  const lua = `local n = nextPush('scripted', 'refs/heads/main') acceptExpansion(2, n) return n`
  const run = async () => {
    const { id, values } = expansionArguments(newDelivery('scripted', 0), { tenant })
    const number = await runLua(lua, values)
    return { number, view: await expansions.get(tenant, id) }
  }
  expect(await run()).toMatchObject({ number: '1', view: { spec: { number: 1 } } })
  expect(await run()).toMatchObject({ number: '2', view: { spec: { number: 2 }, state: 'queued' } })
  expect(await redis.pttl(keys.pushes('scripted', 'refs/heads/main'))).toBeGreaterThan(0)
})

/** As a script of this folder would be run, behind what it shares with others. */
async function runLua(lua: string, values: (string | number)[]): Promise<unknown> {
  const parts = ['prelude', 'write-build', 'expanding'].map((name) =>
    readFile(new URL(`../scripts/${name}.lua`, import.meta.url), 'utf8'),
  )
  const text = [...(await Promise.all(parts)), lua].join('\n')
  return redis.eval(text, 1, `${prefix}:test`, prefix, ...values)
}
