import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeTestInstallation, type TestInstallation } from '../test-installation.ts'

let all: TestInstallation
beforeEach(async () => {
  all = await makeTestInstallation()
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await all.remove()
})

test('requests that stay open are counted on, those that have ended are not', async () => {
  const { redis, keys } = all
  const limits = { perMinute: 100, atOnce: 100 }
  const name = keys.openRequests('k')
  await all.records.admit('k', limits)
  const [open = ''] = await redis.zrange(name, '0', '-1')
  const ended = await all.records.admit('k', limits)
  if ('letGo' in ended) ended.letGo()
  await expect.poll(() => redis.zcard(name)).toBe(1)
  await redis.zadd(name, 1, open)
  await redis.pexpire(name, 1000)
  await vi.advanceTimersByTimeAsync(10_000)
  await expect.poll(async () => Number(await redis.zscore(name, open))).toBeGreaterThan(Date.now())
  expect(await redis.pttl(name)).toBeGreaterThan(20_000)
  expect(await redis.zcard(name)).toBe(1)
})
