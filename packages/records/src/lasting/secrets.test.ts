import { randomBytes } from 'node:crypto'
import { hookRequestSchema } from '@packline/shared'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readObject } from '../archive-object.ts'
import { makeRecords } from '../make-records.ts'
import { makeTestInstallation, type TestInstallation } from '../test-installation.ts'
import { keepAll, loseRedis } from './test-lasting.ts'

let all: TestInstallation
beforeEach(async () => {
  all = await makeTestInstallation()
})
afterEach(() => all.remove())

const TOKEN = 'canary-Z7pQ-secret'
const credential = { kind: 'git-token', host: 'git.example', token: TOKEN } as const
const query = { kind: 'git-token', host: 'git.example' } as const
const asked = (repository: string) =>
  hookRequestSchema.parse({ provider: 'github', repository, secret: `${TOKEN}-of-a-hook` })

test('hooks are at their addresses with their secrets, and deleted ones are gone', async () => {
  const { hooks } = all.records
  const { id } = await hooks.create('acme', asked('https://git.example/a.git'))
  const other = await hooks.create('acme', asked('https://git.example/b.git'))
  await hooks.remove('acme', other.id)
  await hooks.create('another', asked('https://git.example/c.git'))
  const ask = async () => [
    await hooks.open(id),
    await hooks.list('acme'),
    await hooks.list('another'),
  ]
  const before = await ask()
  await loseRedis(all)
  expect(await all.records.restore()).toMatchObject({ things: 2 })
  expect(await ask()).toEqual(before)
  await expect(hooks.open(other.id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

test('credentials open as before with the key, and with no other', async () => {
  const { credentials } = all.records
  await credentials.put('acme', 'git', credential)
  await credentials.put('acme', 'old', { ...credential, host: 'old.example' })
  await credentials.remove('acme', 'old')
  const before = await credentials.list('acme')
  await loseRedis(all)
  await all.records.restore()
  expect(await credentials.list('acme')).toEqual(before)
  expect(await credentials.open('acme', query)).toEqual(credential)
  const { redis, prefix, queues, store } = all
  const secretKey = randomBytes(32).toString('base64')
  const others = makeRecords({ redis, prefix, queues, store, secretKey })
  await expect(others.credentials.open('acme', query)).rejects.toMatchObject({
    code: 'SECRETS_LOCKED',
  })
  await others.close()
})

test('nothing secret can be read in the store, and what was removed is no more in it', async () => {
  const { hooks, credentials } = all.records
  await hooks.create('acme', asked('https://git.example/a.git'))
  await credentials.put('acme', 'kept', credential)
  await credentials.put('acme', 'gone', credential)
  const texts = async () => {
    await keepAll(all)
    const found: string[] = []
    for await (const { key } of all.store.list('lasting/')) {
      found.push(await readObject(all.store, key))
    }
    return found.join()
  }
  const before = await texts()
  expect(before).toContain('gone')
  expect(before).not.toContain('canary')
  await credentials.remove('acme', 'gone')
  const after = await texts()
  expect(after).toContain('kept')
  expect(after).not.toContain('gone')
})
