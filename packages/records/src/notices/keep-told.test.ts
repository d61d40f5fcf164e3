import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  makeTestInstallation,
  newBuild,
  newRequest,
  type TestInstallation,
} from '../test-installation.ts'
import {
  accepted,
  buildWithCallback,
  CALLBACK_URL,
  CANARY,
  dueOf,
  ended,
  everythingIn,
} from './test-notices.ts'

let installation: TestInstallation
beforeAll(async () => {
  installation = await makeTestInstallation()
})
afterAll(() => installation.remove())

async function endedWithCallback(): Promise<{ build: string; notice: string }> {
  const build = await accepted(installation, buildWithCallback())
  await ended(installation, build)
  return { build, notice: `${build}-callback` }
}

describe('a secret', () => {
  test('is in Redis and in the archive only sealed', async () => {
    const { build } = await endedWithCallback()
    await accepted(installation, buildWithCallback())
    const batch = { callback: { url: CALLBACK_URL, secret: CANARY } }
    await installation.records.accept([buildWithCallback()], { tenant: 'acme', batch })
    await installation.records.archive()
    const all = await everythingIn(installation)
    expect(all).toContain(build)
    expect(all).toContain(CALLBACK_URL)
    for (const form of [CANARY, CANARY.slice('whsec_'.length), 'canary-canary']) {
      expect(all).not.toContain(form)
    }
    const { archivedIn } = await installation.redis.hgetall(installation.keys.build(build))
    const { readObject } = await import('../archive-object.ts')
    const segment = await readObject(installation.store, archivedIn ?? '')
    expect(segment).toContain(build)
    expect(segment).not.toMatch(/whsec_|callbackSecret/)
  })

  test('is taken on by a retry, for which it is sealed anew', async () => {
    const { build } = await endedWithCallback()
    const before = await installation.records.request('acme', build)
    expect(JSON.stringify(before)).not.toContain(CANARY)
    const retry = { ...before, queue: 'nodejs', priority: 'interactive', retryOf: build } as const
    const id = await accepted(installation, retry)
    await ended(installation, id)
    const { telling } = await dueOf(installation, `${id}-callback`)
    expect(telling.kind === 'callback' && telling.open().secret).toBe(CANARY)
    const { redis, keys } = installation
    const sealed = await Promise.all(
      [build, id].map((one) => redis.hget(keys.build(one), 'callbackSecret')),
    )
    expect(sealed[0]).not.toBe(sealed[1])
  })

  test('keeps the query of its address sealed, and is told at the whole, by a retry too', async () => {
    const url = 'https://callback.example/a?token=query-canary-1 2&x=y#part'
    const request = { ...newRequest('queried'), callback: { url } }
    const first = newBuild('queried', { request, callbackSecret: CANARY })
    const id = await accepted(installation, first)
    await ended(installation, id)
    const before = await installation.records.request('acme', id)
    expect(before.request.callback).toEqual({ url: 'https://callback.example/a#part' })
    const retry = { ...before, queue: 'nodejs', priority: 'interactive', retryOf: id } as const
    const again = await accepted(installation, retry)
    await ended(installation, again)
    for (const one of [id, again]) {
      const { telling } = await dueOf(installation, `${one}-callback`)
      expect(telling.kind === 'callback' && telling.open()).toEqual({ url, secret: CANARY })
    }
    expect(await everythingIn(installation)).not.toContain('query-canary')
  })

  test('that is gone with Redis is said to be, not made up', async () => {
    const { build, notice } = await endedWithCallback()
    await installation.redis.hdel(installation.keys.build(build), 'callbackSecret')
    const { telling } = await dueOf(installation, notice)
    expect(() => telling.kind === 'callback' && telling.open().secret).toThrow(/secret is gone/)
  })

  test('of another installation opens nowhere, and is not kept without a key', async () => {
    const { makeRecords } = await import('../make-records.ts')
    const { redis, prefix, queues } = installation
    const locked = makeRecords({ redis, prefix, queues })
    const build = buildWithCallback()
    await expect(locked.accept([build], { tenant: 'acme' })).rejects.toMatchObject({
      code: 'SECRETS_LOCKED',
    })
    const { ids } = await locked.accept([newBuild('plain')], { tenant: 'acme' })
    expect(ids).toHaveLength(1)
    await locked.close()
  })
})
