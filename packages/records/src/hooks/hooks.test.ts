import {
  type HookRequestInput,
  hookChangesSchema,
  hookRequestSchema,
  LIMITS,
} from '@packline/shared'
import { afterAll, describe, expect, test } from 'vitest'
import { begunExpansion, expand, resultOf } from '../expansions/test-expansions.ts'
import { makeTestInstallation } from '../test-installation.ts'
import type { NewDelivery, OpenHook } from './hooks.ts'

const installation = await makeTestInstallation()
const { records, redis, keys, queues, prefix } = installation
const { hooks } = records
afterAll(installation.remove)

const asked = (more: Partial<HookRequestInput> = {}) =>
  hookRequestSchema.parse({
    provider: 'github',
    repository: 'https://git.example/acme/a.git',
    ...more,
  })

const made = async (more: Partial<HookRequestInput> = {}): Promise<OpenHook> =>
  hooks.open((await hooks.create('acme', asked(more))).id)

function push(seenBy: string, after = 'b', ref = 'refs/heads/main'): NewDelivery {
  const said = { ref, before: 'a'.repeat(40), after: after.repeat(40) }
  return { event: 'push', outcome: 'accepted', seenBy, ...said, push: said }
}

describe('a hook', () => {
  test('is made with a secret that is shown once, and is the tenant its own', async () => {
    const { secret = '', ...view } = await hooks.create('acme', asked({ branches: ['main'] }))
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(await hooks.get('acme', view.id)).toEqual(view)
    expect((await hooks.list('acme')).items.map(({ id }) => id)).toContain(view.id)
    expect(JSON.stringify(await hooks.list('acme'))).not.toContain(secret)
    expect(await hooks.open(view.id)).toEqual({ ...view, tenant: 'acme', secret })
    await expect(hooks.get('other', view.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await hooks.list('other')).items).toEqual([])
    const given = await hooks.create('acme', asked({ secret: 'given-by-somebody' }))
    expect(given).not.toHaveProperty('secret')
  })

  test('is answered again for its key, with the secret, which is kept sealed', async () => {
    const idempotency = { key: 'hook', fingerprint: 'f' }
    const made = await hooks.create('acme', asked({}), idempotency)
    expect(await records.checkIdempotency('acme', idempotency)).toEqual({
      ids: [],
      answer: made,
      replayed: true,
    })
    const [name = ''] = await redis.keys(`${prefix}:idempotency:acme:*`)
    expect(await redis.get(name)).not.toContain(made.secret)
    expect(await redis.ttl(name)).toBeGreaterThan(86_000)
    await expect(
      records.checkIdempotency('acme', { ...idempotency, fingerprint: 'g' }),
    ).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
  })

  test('keeps its secret and its token sealed', async () => {
    const status = { provider: 'github' as const, token: 'ghp_canary_token' }
    const { id } = await hooks.create('acme', asked({ secret: 'canary-of-the-hook', status }))
    expect(await hooks.get('acme', id)).toMatchObject({ status: { provider: 'github' } })
    const kept = JSON.stringify(await redis.hgetall(keys.hook(id)))
    expect(kept).not.toMatch(/canary/)
    expect(await hooks.accessOf('acme', id)).toEqual(status)
    expect(await hooks.accessOf('other', id)).toBeUndefined()
    expect(await hooks.accessOf('acme', 'hnone')).toBeUndefined()
  })

  test('is changed part by part; null takes away', async () => {
    const status = { provider: 'gitea' as const, token: 'token-1' }
    const { id } = await hooks.create(
      'acme',
      asked({ branches: ['main'], labels: { a: 'b' }, status }),
    )
    const change = (changes: object) => hooks.update('acme', id, hookChangesSchema.parse(changes))
    expect(await change({ tags: ['v*'], branches: null })).toMatchObject({ tags: ['v*'] })
    expect(await hooks.get('acme', id)).not.toHaveProperty('branches')
    expect(await hooks.accessOf('acme', id)).toEqual(status)
    const { secret } = await hooks.open(id)
    await change({ secret: 'another-secret-now', active: false })
    expect(await hooks.open(id)).toMatchObject({ secret: 'another-secret-now', active: false })
    expect(secret).not.toBe('another-secret-now')
    await change({ status: null, labels: null })
    expect(await hooks.accessOf('acme', id)).toBeUndefined()
    expect(await hooks.get('acme', id)).not.toHaveProperty('status')
    expect(JSON.stringify(await hooks.get('acme', id))).not.toMatch(/another-secret|tenant/)
    await expect(hooks.update('other', id, {})).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('that tells statuses has a repository that can have some', async () => {
    const status = { provider: 'gitea' as const, token: 'token-1' }
    const refused = { code: 'INVALID_REQUEST', at: 'status' }
    const bare = { repository: 'https://git.example/a.git' }
    await expect(hooks.create('acme', asked({ ...bare, status }))).rejects.toMatchObject(refused)
    const change = (id: string, changes: object) =>
      hooks.update('acme', id, hookChangesSchema.parse(changes))
    const { id } = await made(bare)
    await expect(change(id, { status })).rejects.toMatchObject(refused)
    expect(await change(id, { status, repository: 'git@git.example:team/a.git' })).toMatchObject({
      status: { provider: 'gitea' },
    })
    await expect(change(id, bare)).rejects.toMatchObject(refused)
  })

  test('is gone with all it was told when it is removed', async () => {
    const hook = await made()
    await hooks.receive(hook, push('one'))
    await expect(hooks.remove('other', hook.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await hooks.remove('acme', hook.id)
    await expect(hooks.open(hook.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(hooks.receive(hook, push('two'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const left = await redis.keys(`${prefix}:hook*${hook.id}*`)
    expect(left.filter((key) => !key.includes(':hook-seen:'))).toEqual([])
  })
})

describe('a delivery', () => {
  test('is read with the credential that its hook names', async () => {
    const hook = await made({ credential: 'of-this-one' })
    expect(hook).toMatchObject({ credential: 'of-this-one' })
    await queues.get('expand').drain()
    await hooks.receive(hook, push('named'))
    const [job] = await queues.get('expand').getWaiting()
    const { spec } = await records.expansions.get('acme', job?.id ?? '')
    expect(spec.source).toEqual({ url: hook.repository, credential: 'of-this-one' })
    const changes = hookChangesSchema.parse({ credential: null })
    expect(await hooks.update('acme', hook.id, changes)).not.toHaveProperty('credential')
  })

  test('is taken in with its number, its expansion and a job, in one', async () => {
    const hook = await made({ labels: { team: 'a' } })
    await queues.get('expand').drain()
    const receipt = await hooks.receive(hook, push('first'))
    expect(receipt).toMatchObject({ outcome: 'accepted' })
    const second = await hooks.receive(hook, push('second', 'c'))
    const other = await hooks.receive(hook, push('third', 'c', 'refs/heads/next'))
    const all = await hooks.deliveries('acme', hook.id)
    expect(all.map(({ id, number, state }) => [id, number, state])).toEqual([
      [other.delivery, 1, 'queued'],
      [second.delivery, 2, 'queued'],
      [receipt.delivery, 1, 'queued'],
    ])
    const jobs = await queues.get('expand').getWaiting()
    const last = jobs.map((job) => job?.id ?? '').at(0) ?? ''
    expect(await records.expansions.get('acme', last)).toMatchObject({
      spec: {
        kind: 'delivery',
        hook: hook.id,
        source: { url: hook.repository },
        labels: { team: 'a' },
      },
    })
    await expect(hooks.deliveries('other', hook.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('that was seen before does nothing, however often and how many at once', async () => {
    const hook = await made()
    const receipts = await Promise.all(
      Array.from({ length: 20 }, () => hooks.receive(hook, push('same'))),
    )
    const fresh = receipts.filter(({ outcome }) => outcome === 'accepted')
    expect(fresh).toHaveLength(1)
    expect(new Set(receipts.map(({ delivery }) => delivery)).size).toBe(1)
    expect(await hooks.deliveries('acme', hook.id)).toHaveLength(1)
    const [seen = ''] = await redis.keys(`${prefix}:hook-seen:${hook.id}:*`)
    const days = (await redis.ttl(seen)) / 86_400
    expect([Math.ceil(days), Math.round(days)]).toEqual([30, 30])
    const elsewhere = await hooks.receive(await made(), push('same'))
    expect(elsewhere.outcome).toBe('accepted')
  })

  test('that builds nothing is kept with the reason, and no expansion', async () => {
    const hook = await made()
    const ping = { event: 'ping', outcome: 'ignored', reason: 'a ping', seenBy: 'p' } as const
    expect(await hooks.receive(hook, ping)).toMatchObject({ outcome: 'ignored', reason: 'a ping' })
    const [kept] = await hooks.deliveries('acme', hook.id)
    expect(kept).toMatchObject({ event: 'ping', outcome: 'ignored', reason: 'a ping' })
    expect(kept).not.toHaveProperty('state')
    const again = hooks.redeliver('acme', hook.id, kept?.id ?? '')
    await expect(again).rejects.toMatchObject({ code: 'CONFLICT' })
  })

  test('is one of the last hundred', async () => {
    const hook = await made()
    for (let n = 0; n < LIMITS.deliveriesKept + 5; n++) {
      await hooks.receive(hook, {
        event: 'other',
        outcome: 'ignored',
        name: `${n}`,
        seenBy: `${n}`,
      })
    }
    const all = await hooks.deliveries('acme', hook.id)
    expect(all).toHaveLength(LIMITS.deliveriesKept)
    expect([all[0]?.name, all.at(-1)?.name]).toEqual(['104', '5'])
    expect(await redis.hlen(keys.hookDelivery(hook.id))).toBe(LIMITS.deliveriesKept)
  })

  test('says what came of it once it was worked off', async () => {
    const hook = await made()
    await queues.get('expand').drain()
    await hooks.receive(hook, push('worked off'))
    const [job] = await queues.get('expand').getWaiting()
    const expansion = await begunExpansion(records, job?.id ?? '')
    const { builds } = await expand(records, expansion, ['one', 'two'])
    await records.expansions.finish(expansion.id, expansion.attempt, {
      state: 'succeeded',
      result: resultOf(builds),
    })
    const [told] = await hooks.deliveries('acme', hook.id)
    expect(told).toMatchObject({ state: 'succeeded', builds, outrun: [] })
  })
})

describe('a redelivery', () => {
  test('is a delivery of its own, with the number that the push had', async () => {
    const hook = await made()
    const first = await hooks.receive(hook, push('r1'))
    await hooks.receive(hook, push('r2', 'c'))
    await hooks.update(
      'acme',
      hook.id,
      hookChangesSchema.parse({ functions: { manifest: 'a.yaml' } }),
    )
    await queues.get('expand').drain()
    const again = await hooks.redeliver('acme', hook.id, first.delivery)
    expect(again).toMatchObject({ outcome: 'accepted' })
    const [newest] = await hooks.deliveries('acme', hook.id)
    expect(newest).toMatchObject({ id: again.delivery, number: 1, redeliveryOf: first.delivery })
    const [job] = await queues.get('expand').getWaiting()
    expect(await records.expansions.get('acme', job?.id ?? '')).toMatchObject({
      spec: { number: 1, functions: { manifest: 'a.yaml' }, after: 'b'.repeat(40) },
    })
  })

  test('of what is not there, or is another hook’s, is refused', async () => {
    const [one, other] = [await made(), await made()]
    const { delivery } = await hooks.receive(one, push('mine'))
    for (const [tenant, hook, id] of [
      ['acme', other.id, delivery],
      ['acme', one.id, 'dnone'],
      ['other', one.id, delivery],
    ] as const) {
      const again = hooks.redeliver(tenant, hook, id)
      await expect(again).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
  })
})
