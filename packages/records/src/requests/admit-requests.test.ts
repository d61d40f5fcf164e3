import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeTestInstallation, type TestInstallation } from '../test-installation.ts'
import type { Admission } from './admit-requests.ts'

let all: TestInstallation
beforeEach(async () => {
  all = await makeTestInstallation()
})
afterEach(() => all.remove())

const MANY = 1_000_000
const openNames = () => all.redis.keys(all.keys.openRequests('*'))

function letGo(admission: Admission): void {
  if ('letGo' in admission) admission.letGo()
}

describe('requests of a key in a minute', () => {
  const limits = { perMinute: 3, atOnce: MANY }

  test('are let in up to the limit, over all processes, and told when to come again', async () => {
    const processes = [all.records, all.anotherProcess()]
    const said: Admission[] = []
    // A minute may end in between: then all is counted anew, once.
    for (let asked = 0; asked < 8; asked += 1) {
      said.push(await (processes[asked % 2] ?? all.records).admit('k', limits))
    }
    const refused = said.filter((one) => 'refused' in one)
    expect(refused.length).toBeGreaterThanOrEqual(2)
    for (const one of refused) {
      expect(one).toEqual({ refused: 'rate', retryAfterSeconds: expect.any(Number) })
      expect(one.retryAfterSeconds).toBeGreaterThan(0)
      expect(one.retryAfterSeconds).toBeLessThanOrEqual(60)
    }
    expect(await all.records.admit('another', limits)).toHaveProperty('letGo')
  })

  test('that were refused are not open, and the count goes with its minute', async () => {
    const { redis, keys } = all
    await all.records.admit('k', { perMinute: 0, atOnce: MANY })
    expect(await openNames()).toEqual([])
    const [counted = ''] = await redis.keys(keys.requests('k', 0).replace(/0$/, '*'))
    const left = await redis.pttl(counted)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(60_000)
  })
})

describe('requests of a key at once', () => {
  const limits = { perMinute: MANY, atOnce: 2 }

  test('are let in up to the limit, and again when one has ended', async () => {
    const other = all.anotherProcess()
    const first = await all.records.admit('k', limits)
    expect(await other.admit('k', limits)).toHaveProperty('letGo')
    const refused = { refused: 'open', retryAfterSeconds: 1 }
    expect(await all.records.admit('k', limits)).toEqual(refused)
    expect(await other.admit('k', limits)).toEqual(refused)
    expect(await other.admit('another', limits)).toHaveProperty('letGo')
    letGo(first)
    letGo(first)
    expect(await other.admit('k', limits)).toHaveProperty('letGo')
    expect(await other.admit('k', limits)).toEqual(refused)
  })

  test('of a process that was killed count no more after half a minute', async () => {
    const { redis, keys } = all
    await all.records.admit('k', limits)
    await all.records.admit('k', limits)
    expect(await redis.pttl(keys.openRequests('k'))).toBeGreaterThan(20_000)
    const ids = await redis.zrange(keys.openRequests('k'), '0', '-1')
    await redis.zadd(keys.openRequests('k'), ...ids.flatMap((id) => [Date.now() - 1, id]))
    expect(await all.records.admit('k', limits)).toHaveProperty('letGo')
    expect(await redis.zcard(keys.openRequests('k'))).toBe(1)
  })

  test('leave nothing when they have ended', async () => {
    const said = await Promise.all(
      Array.from({ length: 50 }, () => all.records.admit('k', { perMinute: MANY, atOnce: 50 })),
    )
    expect(await all.redis.zcard(all.keys.openRequests('k'))).toBe(50)
    said.forEach(letGo)
    await expect.poll(openNames).toEqual([])
  })
})
