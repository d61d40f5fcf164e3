import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { connectRedis, untilReady } from '@packline/records'
import type { BuildRequestInput, NoticeView } from '@packline/shared'
import { storeFromUrl } from '@packline/stores'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { everythingIn } from '../../packages/records/src/notices/test-notices.ts'
import {
  type Answer,
  type Receiver,
  startReceiver,
} from '../../services/worker/src/test/receiver.ts'
import { makeRepository, serveRepositories } from '../harness/git-server.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

const SECRET = `whsec_${Buffer.from('canary-canary-canary-canary!').toString('base64')}`

let line: TestLine
const receivers: Receiver[] = []
beforeAll(async () => {
  const environment = {
    PACKLINE_OUTBOUND_ALLOW: '127.0.0.1',
    PACKLINE_PLAIN_HTTP_HOSTS: '127.0.0.1',
  }
  line = await startTestLine({ environment })
})
afterAll(() => line.stop())
afterEach(async () => {
  for (const receiver of receivers.splice(0)) await receiver.close()
})

async function receiver(answerTo: (count: number) => Answer | undefined = () => ({ status: 204 })) {
  const started = await startReceiver((_received, count) => answerTo(count))
  receivers.push(started)
  return started
}

const hello = (url?: string, more: Partial<BuildRequestInput> = {}): BuildRequestInput => ({
  function: 'hello',
  runtime: 'nodejs',
  handler: 'index.handler',
  source: { kind: 'inline', files: { 'index.js': 'exports.handler = async () => "hello"\n' } },
  build: { load: false },
  ...(url && { callback: { url, secret: SECRET } }),
  ...more,
})

async function untilTold(
  build: string,
  state: NoticeView['state'],
  { client } = line,
): Promise<NoticeView> {
  const notice = await vi.waitFor(
    async () => {
      const [found] = (await client.notices({ build })).items
      expect(found?.state).toBe(state)
      return found
    },
    { timeout: 20_000, interval: 100 },
  )
  return notice as NoticeView
}

describe('a callback', () => {
  test('is told when its build has ended, signed for any verifier of Standard Webhooks', async () => {
    const { url, untilReceived } = await receiver()
    const { id } = await line.client.submit(hello(url))
    const [call] = await untilReceived(1)
    const said = new Webhook(SECRET).verify(call?.body ?? '', call?.headers as never)
    const { request, ...build } = await line.client.build(id)
    expect(said).toEqual({ type: 'build.finished', timestamp: build.finishedAt, data: build })
    expect(request?.callback).toEqual({ url })
    expect(await untilTold(id, 'delivered')).toMatchObject({ attempts: 1, lastStatus: 204 })
  })

  test('is told again after a 500 within seconds, under the same id', async () => {
    const { url, untilReceived } = await receiver((n) => ({ status: n === 1 ? 500 : 200 }))
    const { id } = await line.client.submit(hello(url))
    const calls = await untilReceived(2)
    expect(calls.map(({ headers }) => headers['webhook-id'])).toEqual([
      `${id}-callback`,
      `${id}-callback`,
    ])
    for (const { body, headers } of calls) new Webhook(SECRET).verify(body, headers as never)
    expect(await untilTold(id, 'delivered')).toMatchObject({ attempts: 2 })
  })

  test('is told once more when somebody asks for it, and is nobody else', async () => {
    const { url, untilReceived } = await receiver((n) => ({ status: n === 1 ? 410 : 200 }))
    const { id } = await line.client.submit(hello(url))
    const { id: notice } = await untilTold(id, 'failed')
    const path = `/v1/builds/${id}/notices/${notice}/redeliver`
    const foreign = { authorization: `Bearer ${line.otherKey}` }
    expect((await line.fetch(path, { method: 'POST', headers: foreign })).status).toBe(404)
    const asked = await line.fetch(path, { method: 'POST' })
    expect([asked.status, await asked.json()]).toMatchObject([202, { id: notice, attempts: 0 }])
    expect(asked.headers.get('location')).toBe(`/v1/builds/${id}/notices`)
    await untilReceived(2)
    await untilTold(id, 'delivered')
  })

  test('of a build that a worker could not tell before it was killed is told by another', async () => {
    const { url, untilReceived } = await receiver((n) => (n === 1 ? undefined : { status: 204 }))
    const { id } = await line.client.submit(hello(url))
    await untilReceived(1)
    const [victim] = line.workers.splice(0, 1)
    if (!victim) throw new Error('no worker')
    process.kill(victim.pid, 'SIGKILL')
    await victim.exited
    await line.addWorker('another')
    const calls = await untilReceived(2)
    expect(new Set(calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(await untilTold(id, 'delivered')).toMatchObject({ attempts: 1 })
  })
})

describe('a retry', () => {
  test('tells whom its build told', async () => {
    const { url, untilReceived } = await receiver()
    const { id } = await line.client.submit(hello(url, { handler: 'missing.handler' }))
    await untilTold(id, 'delivered')
    const again = await line.client.retry(id)
    const calls = await untilReceived(2)
    const said = new Webhook(SECRET).verify(calls[1]?.body ?? '', calls[1]?.headers as never)
    expect(said).toMatchObject({ data: { id: again.id, retryOf: id, state: 'failed' } })
  })
})

describe('a batch', () => {
  test('tells each build and the end of all', async () => {
    const { url, received, untilReceived } = await receiver()
    const builds = [hello(), hello(undefined, { function: 'hello-too' })]
    const callback = { url, secret: SECRET }
    const batch = await line.client.submitBatch({ builds, callback })
    await untilReceived(3)
    const said = received.map(({ body }) => JSON.parse(body) as { type: string; data: object })
    expect(said.map(({ type }) => type).toSorted()).toEqual([
      'batch.finished',
      'build.finished',
      'build.finished',
    ])
    expect(said.find(({ type }) => type === 'batch.finished')?.data).toMatchObject({
      id: batch.id,
      counts: { total: 2, succeeded: 2 },
    })
    const { items } = await line.client.notices({ batch: batch.id })
    expect(items).toMatchObject([{ batch: batch.id, kind: 'callback' }])
  })
})

describe('a batch of a repository', () => {
  test('tells each of its builds and the end of all', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'packline-notices-'))
    const server = await serveRepositories(folder)
    try {
      const hello = '{runtime: nodejs, handler: index.handler, build: {load: false}}'
      await makeRepository(join(folder, 'app'), {
        'packline.yaml': `functions:\n  hello: ${hello}\n`,
        'index.js': 'exports.handler = async () => 1\n',
      })
      const { url, received, untilReceived } = await receiver()
      const source = { kind: 'git', url: `${server.url}/app/.git`, ref: 'main' } as const
      const callback = { url, secret: SECRET }
      const { id } = await line.client.submitManifest({ source, manifest: true, callback })
      await untilReceived(2)
      const said = received.map(({ body, headers }) =>
        new Webhook(SECRET).verify(body, headers as never),
      )
      expect(said).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ data: expect.objectContaining({ function: 'hello' }) }),
          expect.objectContaining({ data: expect.objectContaining({ id, finished: true }) }),
        ]),
      )
    } finally {
      await server.close()
      await rm(folder, { recursive: true })
    }
  })
})

describe('an address', () => {
  test.each([
    ['of a private network', 'https://10.0.0.1/', 403],
    ['of a machine of the cloud', 'http://169.254.169.254/latest', 403],
    ['without TLS', 'http://93.184.216.34/', 403],
    ['that is none', 'hooks', 400],
  ])('%s is refused before there is a build', async (_what, url, status) => {
    const body = JSON.stringify(hello(url))
    const answer = await line.fetch('/v1/builds', { method: 'POST', body })
    const problem = await answer.json()
    expect([answer.status, problem]).toMatchObject([status, { at: 'callback.url' }])
    expect(JSON.stringify(problem)).not.toContain('whsec_')
  })

  test('that only the API lets through is refused once more when it is sent to', async () => {
    const { url, received } = await receiver()
    const environment = { PACKLINE_OUTBOUND_ALLOW: '127.0.0.1' }
    const other = await startTestLine({ workers: 0, environment })
    try {
      await other.addWorker('strict', { PACKLINE_OUTBOUND_ALLOW: '' })
      const { id } = await other.client.submit(hello(url))
      const { lastError } = await untilTold(id, 'failed', other)
      expect(lastError).toMatch(/may not be reached without TLS/)
      expect(received).toEqual([])
    } finally {
      await other.stop()
    }
  })
})

test('the secret is nowhere in clear: not in Redis, the logs, the archive nor the answers', async () => {
  const { url, untilReceived } = await receiver((n) => ({ status: n === 1 ? 500 : 204 }))
  const { id } = await line.client.submit(hello(url))
  await untilReceived(2)
  await vi.waitFor(async () => expect(await archived()).toContain(id), { timeout: 20_000 })
  const answers = await Promise.all(
    ['', '/notices', '/events', '/report'].map(async (path) =>
      (await line.fetch(`/v1/builds/${id}${path}`)).text(),
    ),
  )
  const logs = await Promise.all(
    (await readdir(line.folder))
      .filter((name) => name.endsWith('.log'))
      .map((name) => readFile(join(line.folder, name), 'utf8')),
  )
  for (const text of [...answers, ...logs, await archived(), await redisText()]) {
    expect(text).not.toMatch(/whsec_|canary-canary|Y2FuYXJ5LWNhbmFyeS/)
  }
})

async function archived(): Promise<string> {
  const store = storeFromUrl(line.storeUrl)
  const texts: string[] = []
  for await (const { key } of store.list('builds/')) {
    const object = await store.get(key)
    const zipped = object && (await Array.fromAsync(object.stream))
    if (zipped) texts.push(gunzipSync(Buffer.concat(zipped as Buffer[])).toString())
  }
  await store.close()
  return texts.join('\n')
}

async function redisText(): Promise<string> {
  const redis = connectRedis(line.redisUrl)
  await untilReady(redis)
  const text = await everythingIn({ redis, prefix: line.prefix })
  redis.disconnect()
  return text
}
