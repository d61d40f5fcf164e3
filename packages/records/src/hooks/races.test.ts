import { hookChangesSchema, hookRequestSchema } from '@packline/shared'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { makeRecords } from '../make-records.ts'
import { makeTestInstallation } from '../test-installation.ts'
import { spied } from '../test-spied.ts'

const installation = await makeTestInstallation()
const { hooks } = installation.records
const others = installation.anotherProcess().hooks
afterAll(installation.remove)

const asked = hookRequestSchema.parse({
  provider: 'github',
  repository: 'https://git.example/acme/a.git',
})
const change = (by: typeof hooks, id: string, changes: object) =>
  by.update('acme', id, hookChangesSchema.parse(changes))

test('changes at once lose nothing of each other, sealed or not', async () => {
  const { id } = await hooks.create('acme', asked)
  const status = { provider: 'github', token: 'token-1' }
  await Promise.all([
    change(hooks, id, { branches: ['main'] }),
    change(others, id, { tags: ['v*'] }),
    change(hooks, id, { secret: 'another-secret-now' }),
    change(others, id, { status }),
    change(hooks, id, { labels: { team: 'a' } }),
    change(others, id, { active: false }),
  ])
  const all = { branches: ['main'], tags: ['v*'], labels: { team: 'a' }, active: false }
  expect(await hooks.open(id)).toMatchObject({ ...all, secret: 'another-secret-now' })
  expect(await hooks.accessOf('acme', id)).toEqual(status)
})

test('a change of a hook that is removed meanwhile brings nothing back', async () => {
  const { redis, prefix, queues, keys } = installation
  let removed: string | undefined
  const between = async (command: string) => {
    if (command !== 'packlinehooks/write' || removed === undefined) return
    await hooks.remove('acme', removed)
  }
  const secretKey = Buffer.alloc(32, 7).toString('base64')
  const slow = makeRecords({ redis: spied(redis, between), prefix, queues, secretKey })
  onTestFinished(() => slow.close())
  const { id } = await slow.hooks.create('acme', asked)
  removed = id
  await expect(change(slow.hooks, id, { active: false })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  })
  expect(await redis.exists(keys.hook(id))).toBe(0)
  expect((await hooks.list('acme')).items.map((one) => one.id)).not.toContain(id)
})
