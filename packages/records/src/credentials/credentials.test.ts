import { randomBytes } from 'node:crypto'
import type { Credential } from '@packline/shared'
import { afterAll, describe, expect, test } from 'vitest'
import { makeRecords } from '../make-records.ts'
import type { Records } from '../records.ts'
import { makeTestInstallation } from '../test-installation.ts'

const installation = await makeTestInstallation()
const { redis, prefix, queues, keys } = installation
const others: Records[] = []
const recordsWith = (secretKey?: string) => {
  const records = makeRecords({ redis, prefix, queues, secretKey })
  others.push(records)
  return records
}
afterAll(async () => {
  await Promise.all(others.map((records) => records.close()))
  await installation.remove()
})

const key = randomBytes(32).toString('base64')
const { credentials } = recordsWith(key)

const CANARY = 'canary-Z7pQ-secret'
const token = (host: string, more: Partial<Credential> = {}) =>
  ({ kind: 'git-token', host, token: CANARY, ...more }) as Credential
const object = (store: string): Credential => ({
  kind: 'object',
  store,
  accessKeyId: 'id',
  secretAccessKey: CANARY,
})

describe('credentials', () => {
  test('are opened for what they were written for, and for nothing else', async () => {
    await credentials.put('t1', 'git', token('git.example'))
    await credentials.put('t1', 'objects', object('main'))
    expect(await credentials.open('t1', { kind: 'git-token', host: 'git.example' })).toEqual(
      token('git.example'),
    )
    expect(await credentials.open('t1', { kind: 'git-token', host: 'GIT.example' })).toBeDefined()
    expect(await credentials.open('t1', { kind: 'object', store: 'main' })).toEqual(object('main'))
    const others = [
      { kind: 'git-token', host: 'git.example:8443' },
      { kind: 'git-token', host: 'other.example' },
      { kind: 'git-token', host: 'example' },
      { kind: 'git-key', host: 'git.example' },
      { kind: 'object', store: 'other' },
    ] as const
    for (const other of others) expect(await credentials.open('t1', other)).toBeUndefined()
    expect(await credentials.open('t2', { kind: 'object', store: 'main' })).toBeUndefined()
  })

  test('are told by name, without what is secret, and kept in no form that could be read', async () => {
    await credentials.put('list', 'b', object('main'))
    await credentials.put('list', 'a', token('git.example', { username: 'bot' }))
    const listed = await credentials.list('list')
    expect(listed).toEqual([
      { name: 'a', kind: 'git-token', host: 'git.example', writtenAt: expect.any(String) },
      { name: 'b', kind: 'object', store: 'main', writtenAt: expect.any(String) },
    ])
    const kept = (await redis.hvals(keys.credentials('list'))).join()
    for (const secret of [CANARY, btoa(CANARY).slice(0, 20), 'bot']) {
      expect(kept).not.toContain(secret)
    }
  })

  test('of two that fit, the named one is taken, else the one that was written last', async () => {
    await credentials.put('two', 'old', token('git.example', { token: 'first' } as never))
    await new Promise((resolve) => setTimeout(resolve, 2))
    await credentials.put('two', 'new', token('git.example', { token: 'second' } as never))
    const query = { kind: 'git-token', host: 'git.example' } as const
    expect(await credentials.open('two', query)).toMatchObject({ token: 'second' })
    expect(await credentials.open('two', { ...query, name: 'old' })).toMatchObject({
      token: 'first',
    })
    await expect(credentials.open('two', { ...query, name: 'none' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no credential "none" for git-token at git.example',
    })
    const elsewhere = { ...query, host: 'other.example', name: 'old' }
    await expect(credentials.open('two', elsewhere)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('are replaced and removed by name', async () => {
    await credentials.put('gone', 'git', token('git.example'))
    await credentials.put('gone', 'git', object('main'))
    expect(await credentials.list('gone')).toMatchObject([{ name: 'git', kind: 'object' }])
    await credentials.remove('gone', 'git')
    expect(await credentials.list('gone')).toEqual([])
    await expect(credentials.remove('gone', 'git')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('are at most two hundred, and replacing one is still possible', async () => {
    const fields = Array.from({ length: 200 }, (_, index) => [`c${index}`, '{}']).flat()
    await redis.hset(keys.credentials('many'), fields)
    await expect(credentials.put('many', 'more', object('main'))).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    await credentials.put('many', 'c7', object('main'))
  })

  test('can neither be kept nor opened without the key, or with another', async () => {
    await credentials.put('locked', 'git', object('main'))
    for (const other of [undefined, randomBytes(32).toString('base64')]) {
      const locked = recordsWith(other).credentials
      const query = { kind: 'object', store: 'main' } as const
      await expect(locked.open('locked', query)).rejects.toMatchObject({ code: 'SECRETS_LOCKED' })
    }
    await expect(recordsWith().credentials.put('locked', 'b', object('x'))).rejects.toMatchObject({
      code: 'SECRETS_LOCKED',
    })
  })

  test('moved to another name, tenant or server by whoever writes to Redis do not open', async () => {
    await credentials.put('mine', 'git', token('git.example'))
    const kept = (await redis.hget(keys.credentials('mine'), 'git')) ?? ''
    await redis.hset(keys.credentials('theirs'), 'git', kept)
    await redis.hset(keys.credentials('led'), 'git', kept.replace('"git.example"', '"evil.test"'))
    await redis.hset(keys.credentials('mine'), 'git', kept.replace('"git.example"', '"evil.test"'))
    const at = (tenant: string, host: string) =>
      expect(credentials.open(tenant, { kind: 'git-token', host })).rejects.toMatchObject({
        code: 'SECRETS_LOCKED',
      })
    await at('theirs', 'git.example')
    await at('led', 'evil.test')
    await at('mine', 'evil.test')
  })
})
