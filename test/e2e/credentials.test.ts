import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestLine, type TestLine } from '../harness/line.ts'

let line: TestLine
beforeAll(async () => {
  line = await startTestLine({ workers: 0, environment: { PACKLINE_LOG_LEVEL: 'debug' } })
})
afterAll(() => line.stop())

const CANARY = 'canary-8fK2-never-seen'
const put = (name: string, body: unknown) =>
  line.fetch(`/v1/credentials/${name}`, {
    method: 'PUT',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

describe('credentials', () => {
  test('are written, replaced, listed and deleted, and never shown', async () => {
    const { client } = line
    const token = { kind: 'git-token', host: 'Git.Example', token: CANARY } as const
    const view = { name: 'git', kind: 'git-token', host: 'git.example' }
    expect(await client.putCredential('git', token)).toEqual({
      ...view,
      writtenAt: expect.any(String),
    })
    await client.putCredential('git', { ...token, host: 'other.example' })
    expect(await client.credentials()).toMatchObject({
      items: [{ ...view, host: 'other.example' }],
    })
    const other = { headers: { authorization: `Bearer ${line.otherKey}` } }
    expect(await (await line.fetch('/v1/credentials', other)).json()).toEqual({ items: [] })
    expect((await line.fetch('/v1/credentials/git', { ...other, method: 'DELETE' })).status).toBe(
      404,
    )
    expect(await client.removeCredential('git')).toEqual({ removed: 1 })
    await expect(client.removeCredential('git')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('are in no refusal, no log, and in Redis only sealed', async () => {
    const object = { kind: 'object', store: 'main', accessKeyId: 'a', secretAccessKey: CANARY }
    const answers = await Promise.all([
      put('kept', object),
      put('wrong', { ...object, secretAccessKey: `${CANARY} ` }),
      put('wrong', { ...object, store: 7, token: CANARY }),
      put('wrong', { kind: 'git-key', host: 'git.example', privateKey: CANARY }),
      put('wrong', { kind: 'git-token', host: 'git.example', token: [CANARY] }),
      put('wrong', `{"kind": "git-token", "token": ${CANARY}}`),
      put('wrong', CANARY),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 400, 400, 400, 400, 400])
    const told = await Promise.all(answers.map((answer) => answer.text()))
    const redis = new Redis(line.redisUrl)
    const keys = await redis.keys(`${line.prefix}*`)
    const kept = await redis.hvals(`${line.prefix}:credentials:one`)
    await redis.quit()
    expect(keys).toContain(`${line.prefix}:credentials:one`)
    expect(kept).toHaveLength(1)
    expect([...told, ...kept, await line.logOf('api')].join('\n')).not.toContain(CANARY)
  })

  test('have names that can stand in a path', async () => {
    const object = { kind: 'object', store: 'main', accessKeyId: 'a', secretAccessKey: 'b' }
    const answer = await put('1%2F2', object)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ code: 'INVALID_REQUEST' })
  })
})
