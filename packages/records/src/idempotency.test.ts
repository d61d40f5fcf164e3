import { afterAll, describe, expect, test } from 'vitest'
import { makeTestInstallation, newBuild } from './test-installation.ts'

const installation = await makeTestInstallation()
const { records, redis, prefix } = installation
afterAll(installation.remove)

describe('a held key', () => {
  test('keeps others of its tenant out until it is let go', async () => {
    const letGo = await records.holdIdempotency('acme', 'once')
    await expect(records.holdIdempotency('acme', 'once')).rejects.toMatchObject({
      code: 'IDEMPOTENCY_IN_USE',
    })
    const other = await records.holdIdempotency('other', 'once')
    await other()
    await letGo()
    await letGo()
    await (await records.holdIdempotency('acme', 'once'))()
  })

  test('is not taken from whoever holds it by one who has let go before', async () => {
    const first = await records.holdIdempotency('acme', 'mine')
    const [lock = ''] = await redis.keys(`${prefix}:idempotency-held:*`)
    // As if the first process had been frozen for longer than it holds.
    await redis.del(lock)
    const second = await records.holdIdempotency('acme', 'mine')
    await first()
    expect(await redis.exists(lock)).toBe(1)
    await second()
    expect(await redis.exists(lock)).toBe(0)
  })

  test('ends by itself where its process died', async () => {
    const letGo = await records.holdIdempotency('acme', 'dies')
    const [lock = ''] = await redis.keys(`${prefix}:idempotency-held:*`)
    expect(await redis.pttl(lock)).toBeGreaterThan(20_000)
    expect(await redis.pttl(lock)).toBeLessThanOrEqual(30_000)
    await letGo()
  })

  test('lets all in once there is an answer, which they get', async () => {
    const letGo = await records.holdIdempotency('acme', 'done')
    const idempotency = { key: 'done', fingerprint: 'f' }
    const { ids } = await records.accept([newBuild()], { tenant: 'acme', idempotency })
    const second = await records.holdIdempotency('acme', 'done')
    expect(await records.checkIdempotency('acme', idempotency)).toEqual({ ids, replayed: true })
    await second()
    await letGo()
  })
})

describe('an answer that is no build', () => {
  test('is kept for a day, for the same request alone; the first one counts', async () => {
    const idempotency = { key: 'upload', fingerprint: 'f' }
    await records.keepAnswer('acme', idempotency, { upload: 'a' })
    await records.keepAnswer('acme', { ...idempotency, fingerprint: 'g' }, { upload: 'b' })
    expect(await records.checkIdempotency('acme', idempotency)).toMatchObject({
      answer: { upload: 'a' },
      replayed: true,
    })
    const changed = { ...idempotency, fingerprint: 'g' }
    await expect(records.checkIdempotency('acme', changed)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
    })
    expect(await records.checkIdempotency('acme', { ...idempotency, key: 'new' })).toBeUndefined()
    const [stored = ''] = await redis.keys(`${prefix}:idempotency:acme:*`)
    expect(await redis.ttl(stored)).toBeGreaterThan(86_000)
  })
})
