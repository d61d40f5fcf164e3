import type { BuildState } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { IndexOf } from './keys.ts'
import type { ListFilter } from './listing.ts'
import { idBorder } from './new-id.ts'
import { makeTestInstallation } from './test-installation.ts'

const BUILDS = 100_000
const AT_ONCE = 5000
const LIMIT = 50
const START = Date.UTC(2026, 0, 1)

const installation = await makeTestInstallation()
const { records, redis, keys } = installation
afterAll(installation.remove)

/** Ids sort by their time: one build in each second. */
const idOf = (place: number) => `${idBorder('b', timeOf(place))}${'0'.repeat(16)}`
const timeOf = (place: number) => new Date(START + place * 1000)

function stateOf(place: number): BuildState {
  if (place >= BUILDS - 10) return 'running'
  return place % 1000 === 7 ? 'failed' : 'succeeded'
}

/** What the build is found by: the large ones hold half of all, with nothing in common. */
function indexesOf(place: number): IndexOf[] {
  return [
    'all',
    { state: stateOf(place) },
    { function: place % 2 === 0 ? 'even' : 'odd' },
    { batch: `batch-${Math.floor(place / 1000)}` },
    { label: place % 2 === 0 ? 'team=blue' : 'team=red' },
  ]
}

beforeAll(async () => {
  const view = JSON.stringify({ schema: 1, runtime: 'nodejs', version: '20.15' })
  for (let from = 0; from < BUILDS; from += AT_ONCE) {
    const pipeline = redis.pipeline()
    const members = new Map<string, string[]>()
    for (let place = from; place < from + AT_ONCE; place += 1) {
      const id = idOf(place)
      const fields = { tenant: 'acme', state: stateOf(place), function: 'even', view, attempt: 1 }
      pipeline.hset(keys.build(id), fields)
      for (const of of indexesOf(place)) {
        const key = keys.index('acme', of)
        const all = members.get(key) ?? []
        members.set(key, all)
        all.push('0', id)
      }
    }
    for (const [key, all] of members) pipeline.zadd(key, ...all)
    await pipeline.exec()
  }
})

/** What one page costs: commands sent to Redis, and ids that they looked at. */
async function costOf(filter: ListFilter, cursor?: string, limit = LIMIT) {
  const send = redis.sendCommand
  let commands = 0
  let scanned = 0
  redis.sendCommand = (command, ...more) => {
    commands += 1
    if (command.name === 'zrange') scanned += Number(command.args.at(-1))
    return send.call(redis, command, ...more)
  }
  try {
    const page = await records.list('acme', filter, { cursor, limit })
    return { page, commands, scanned }
  } finally {
    redis.sendCommand = send
  }
}

describe('of 100,000 builds a page', () => {
  const blue = { name: 'team', value: 'blue' }
  const middle = { after: timeOf(50_000), before: timeOf(50_100) }

  test.each<[string, ListFilter, number]>([
    ['of all', {}, BUILDS - 1],
    ['of a state that most are in', { state: 'succeeded' }, BUILDS - 11],
    ['of a state that few are in', { state: 'failed' }, 99_007],
    ['of a function', { function: 'odd' }, BUILDS - 1],
    ['of a batch', { batch: 'batch-3' }, 3999],
    ['with a label', { label: blue }, BUILDS - 2],
    ['of a time', middle, 50_099],
  ])('%s costs one read of an index and one of each build', async (_, filter, newest) => {
    const { page, commands, scanned } = await costOf(filter)
    expect(page.items).toHaveLength(LIMIT)
    expect(page.items[0]?.id).toBe(idOf(newest))
    expect(page.next).toBeDefined()
    expect(scanned).toBe(LIMIT + 1)
    expect(commands).toBe(LIMIT + 2)
  })

  test('far behind costs what the first one does', async () => {
    const { page, commands, scanned } = await costOf({ state: 'succeeded' }, idOf(1000))
    expect(page.items[0]?.id).toBe(idOf(999))
    expect([commands, scanned]).toEqual([LIMIT + 2, LIMIT + 1])
  })

  test.each<[string, ListFilter, number]>([
    ['a small index and a large one', { batch: 'batch-42', function: 'even' }, 1000],
    ['a state that few are in, and a label', { state: 'failed', label: blue }, 1000],
    ['two large ones of the same builds', { function: 'even', label: blue }, 1000],
    ['a large one within a time', { function: 'even', label: blue, ...middle }, 1000],
    ['all five', { state: 'succeeded', function: 'even', batch: 'batch-9', label: blue }, 1000],
  ])('by %s looks at a thousand ids', async (_, filter, idsMax) => {
    const { commands, scanned } = await costOf(filter)
    expect(scanned).toBeLessThanOrEqual(idsMax)
    expect(commands).toBeLessThanOrEqual(LIMIT + 10)
  })

  test('by two large ones without a common build stops after ten thousand, with a cursor', async () => {
    const filter: ListFilter = { function: 'odd', label: blue }
    const { page, commands, scanned } = await costOf(filter)
    expect(page.items).toEqual([])
    expect(page.next).toBeDefined()
    expect(scanned).toBeLessThanOrEqual(10_000)
    expect(commands).toBeLessThanOrEqual(2 + 2 * 10)
    const second = await costOf(filter, page.next)
    expect(second.page.next?.localeCompare(page.next ?? '')).toBe(-1)
  })

  test('of the largest size is bounded, too', async () => {
    const { page, commands } = await costOf({}, undefined, 1_000_000)
    expect(page.items).toHaveLength(500)
    expect(commands).toBe(502)
  })

  test('after page has each build once', async () => {
    const seen = new Set<string>()
    let cursor: string | undefined
    let pages = 0
    do {
      const page = await records.list('acme', { state: 'failed' }, { cursor, limit: 30 })
      for (const { id } of page.items) seen.add(id)
      cursor = page.next
      pages += 1
    } while (cursor !== undefined)
    expect([seen.size, pages]).toEqual([100, 4])
  })
})
