import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newManifest } from './expansions/test-expansions.ts'
import type { ListFilter } from './listing.ts'
import { makeTestInstallation, newBuild, newRequest, SUCCEEDED } from './test-installation.ts'

const installation = await makeTestInstallation()
const { records, redis, keys } = installation
afterAll(installation.remove)

let ids: string[] = []
let batch = ''
let between = new Date()

/** 30 builds in a batch: each third of `api`, each second labelled; the first ten succeeded. */
beforeAll(async () => {
  const builds = Array.from({ length: 30 }, (_, place) => {
    const name = place % 3 === 0 ? 'api' : 'job'
    const labels = place % 2 === 0 ? { team: 'blue' } : undefined
    return newBuild(name, { request: newRequest(name, labels) })
  })
  const result = await records.accept(builds, { tenant: 'acme', batch: {} })
  ids = result.ids
  batch = result.batch ?? ''
  for (const id of ids.slice(0, 10)) {
    await records.begin(id, 'w1')
    await records.finish(id, 1, SUCCEEDED)
  }
  between = await nextMillisecond()
  await records.accept([newBuild('later')], { tenant: 'acme' })
  await records.accept([newBuild('api')], { tenant: 'other' })
})

async function all(filter: ListFilter, limit?: number): Promise<string[]> {
  const found: string[] = []
  let cursor: string | undefined
  do {
    const page = await records.list('acme', filter, { cursor, limit })
    found.push(...page.items.map(({ id }) => id))
    cursor = page.next
  } while (cursor !== undefined)
  return found
}

function expected(fits: (place: number) => boolean): string[] {
  return ids.filter((_, place) => fits(place)).reverse()
}

describe('a list', () => {
  test('is of the tenant alone, newest first, without requests', async () => {
    const { items } = await records.list('acme', {})
    expect(items[0]?.function).toBe('later')
    expect(items.slice(1).map(({ id }) => id)).toEqual([...ids].reverse())
    expect(items.some(({ request }) => request)).toBe(false)
    expect((await records.list('nobody', {})).items).toEqual([])
  })

  test('is filtered by state', async () => {
    expect(await all({ state: 'succeeded' })).toEqual(expected((place) => place < 10))
    expect(await all({ state: 'queued', batch })).toEqual(expected((place) => place >= 10))
    expect(await all({ state: 'running' })).toEqual([])
  })

  test('is filtered by function, batch and label, alone and together', async () => {
    expect(await all({ function: 'api' })).toEqual(expected((place) => place % 3 === 0))
    expect(await all({ batch })).toEqual(expected(() => true))
    const label = { name: 'team', value: 'blue' }
    expect(await all({ label })).toEqual(expected((place) => place % 2 === 0))
    expect(await all({ label, function: 'api', state: 'succeeded', batch })).toEqual(
      expected((place) => place % 6 === 0 && place < 10),
    )
    expect(await all({ label: { name: 'team', value: 'red' } })).toEqual([])
  })

  test('is filtered by time', async () => {
    expect(await all({ before: between })).toEqual(expected(() => true))
    expect(await records.list('acme', { after: between })).toMatchObject({
      items: [{ function: 'later' }],
    })
    expect(await all({ before: new Date(0) })).toEqual([])
    expect(await all({ after: new Date(0), batch })).toHaveLength(30)
  })

  test.each([1, 7, 29, 30, 31])('in pages of %i has each build once', async (limit) => {
    expect(await all({ batch }, limit)).toEqual(expected(() => true))
    expect(await all({ batch, function: 'job' }, limit)).toEqual(
      expected((place) => place % 3 !== 0),
    )
    expect(await all({ batch, before: between }, limit)).toHaveLength(30)
  })

  test('has no cursor after its last page', async () => {
    expect((await records.list('acme', { batch }, { limit: 30 })).next).toBeUndefined()
    expect((await records.list('acme', { batch }, { limit: 29 })).next).toBe(ids[1])
  })

  test('bounds its scan where two large indexes have little in common', async () => {
    const state = keys.index('acme', { function: 'x' })
    const other = keys.index('acme', { label: 'a=b' })
    const members = Array.from({ length: 25_000 }, (_, place) => [
      0,
      `b${String(place).padStart(26, '0')}`,
    ])
    for (let from = 0; from < members.length; from += 5000) {
      await redis.zadd(state, ...members.slice(from, from + 5000).flat())
    }
    await redis.zadd(other, ...members.slice(0, 5000).flat(), ...twin(members.slice(5000)))
    const filter = { function: 'x', label: { name: 'a', value: 'b' } }
    const page = await records.list('acme', filter, { limit: 10 })
    expect(page.items).toEqual([])
    expect(page.next).toMatch(/^b/)
  })
})

/** As many others, so that neither index is the small one. */
function twin(members: (string | number)[][]): (string | number)[] {
  return members.flatMap(([score = 0, id]) => [score, `c${id}`])
}

test('batches are listed newest first, in pages', async () => {
  const made = [batch]
  for (let count = 0; count < 4; count += 1) {
    made.push((await records.accept([newBuild()], { tenant: 'acme', batch: {} })).batch ?? '')
  }
  const first = await records.listBatches('acme', {}, { limit: 3 })
  const second = await records.listBatches('acme', {}, { limit: 3, cursor: first.next })
  expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(made.reverse())
  expect(second.items.at(-1)).toMatchObject({ counts: { total: 30, succeeded: 10, queued: 20 } })
  expect(second.next).toBeUndefined()
})

test('batches are found by a label, those of builds and those of a repository', async () => {
  const labels = { team: 'a', why: 'x:y', half: '\ud83d' }
  const one = await records.accept([newBuild()], { tenant: 'labels', batch: { labels } })
  const spec = newManifest()
  const two = await records.expansions.accept(spec, { tenant: 'labels', labels: { team: 'a' } })
  await records.accept([newBuild()], { tenant: 'labels', batch: { labels: { team: 'b' } } })
  const found = async (name: string, value: string) => {
    const { items } = await records.listBatches('labels', { label: { name, value } })
    return items.map(({ id }) => id)
  }
  expect(await found('team', 'a')).toEqual([two.batch, one.batch])
  expect(await found('why', 'x:y')).toEqual([one.batch])
  expect(await found('team', 'c')).toEqual([])
})

describe("another tenant's build", () => {
  test.each([
    ['get', () => records.get('other', ids[0] ?? '')],
    ['request', () => records.request('other', ids[0] ?? '')],
    ['report', () => records.report('other', ids[0] ?? '')],
    ['events', () => records.events('other', ids[0] ?? '')],
    ['log', () => records.log('other', ids[0] ?? '')],
    ['batch', () => records.getBatch('other', batch)],
    [
      'watch',
      () =>
        records
          .watchBuild('other', ids[0] ?? '')
          [Symbol.asyncIterator]()
          .next(),
    ],
    ['watch of a batch', () => records.watchBatch('other', batch)[Symbol.asyncIterator]().next()],
  ] as const)('is not found by %s', async (_, ask) => {
    await expect(ask()).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

/** A time that lies after all ids made so far and before those made from now on. */
async function nextMillisecond(): Promise<Date> {
  const made = Date.now()
  while (Date.now() <= made + 1) await new Promise(setImmediate)
  const border = new Date()
  while (Date.now() <= border.getTime()) await new Promise(setImmediate)
  return border
}
