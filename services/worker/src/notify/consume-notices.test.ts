import { makeOutbound } from '@packline/outbound'
import { connectRedis, NOTIFY_QUEUE } from '@packline/records'
import type { CommitStatus, NoticeView } from '@packline/shared'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { CANARY } from '../../../../packages/records/src/notices/test-notices.ts'
import {
  newBuild,
  newRequest,
  SUCCEEDED,
} from '../../../../packages/records/src/test-installation.ts'
import { makeWorkerInstallation, type WorkerInstallation } from '../test/installation.ts'
import { type Answer, type Receiver, startReceiver } from '../test/receiver.ts'
import { startStatusServer } from '../test/status-server.ts'
import { consumeNotices, type NoticeConsumer } from './consume-notices.ts'

let installation: WorkerInstallation
const ending: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  installation = await makeWorkerInstallation()
})
afterAll(() => installation.remove())
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end()
})

interface Options {
  allow?: string[]
  access?: CommitStatus
}

function consumer({ allow = [], access }: Options = {}): NoticeConsumer {
  const { records, prefix, logger } = installation
  const connection = connectRedis(process.env.PACKLINE_TEST_REDIS_URL ?? '', 'blocking')
  const outbound = makeOutbound({ allow })
  const accessOf = async (_tenant: string, hook: string) => (hook === 'h1' ? access : undefined)
  const made = consumeNotices({ records, accessOf, outbound, connection, prefix, logger })
  ending.push(async () => {
    await made.close(0)
    connection.disconnect()
  })
  return made
}

async function receiver(
  answerTo: (count: number) => Answer | undefined = () => ({ status: 204 }),
): Promise<Receiver> {
  const started = await startReceiver((_received, count) => answerTo(count))
  ending.push(() => started.close())
  return started
}

/** A build that has ended and tells the address. */
async function ended(url: string): Promise<string> {
  const { records } = installation
  const request = { ...newRequest('hello'), callback: { url } }
  const build = newBuild('hello', { request, callbackSecret: CANARY })
  const { ids } = await records.accept([build], { tenant: 'acme' })
  const [id = ''] = ids
  const beginning = await records.begin(id, 'w1')
  if (beginning.begun) await records.finish(id, beginning.attempt, SUCCEEDED)
  return id
}

async function until(build: string, state: Partial<NoticeView>): Promise<NoticeView> {
  const notices = await vi.waitFor(
    async () => {
      const found = await installation.records.notices.list('acme', { build })
      expect(found).toMatchObject([state])
      return found
    },
    { timeout: 10_000, interval: 50 },
  )
  return notices[0] as NoticeView
}

/** The next attempt is due now instead of in some seconds or hours. */
async function makeDue(build: string): Promise<void> {
  const { redis, keys, queues } = installation
  const id = `${build}-callback`
  await redis.hset(keys.notice(id), 'nextAt', 0)
  const job = await vi.waitFor(async () => {
    const found = await queues.get(NOTIFY_QUEUE).getJob(id)
    expect(await found?.getState()).toBe('delayed')
    return found
  })
  await job?.promote()
}

describe('a callback', () => {
  test('comes signed, and small', async () => {
    const { url, host, untilReceived } = await receiver()
    consumer({ allow: [host] })
    const build = await ended(`${url}/hook?to=deploy`)
    const [call] = await untilReceived(1)
    expect(call).toMatchObject({ method: 'POST', path: '/hook?to=deploy' })
    expect(call?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Packline',
      'webhook-id': `${build}-callback`,
    })
    const said = new Webhook(CANARY).verify(call?.body ?? '', call?.headers as never)
    expect(said).toMatchObject({ type: 'build.finished', data: { id: build, state: 'succeeded' } })
    expect(said).not.toHaveProperty('data.request')
    await until(build, { state: 'delivered', attempts: 1, lastStatus: 204 })
  })

  test('is told again after a 500, under the same id and with a signature of its own', async () => {
    const { url, host, untilReceived } = await receiver((n) => ({ status: n === 1 ? 500 : 200 }))
    consumer({ allow: [host] })
    const build = await ended(url)
    await until(build, { state: 'pending', attempts: 1, lastStatus: 500 })
    await makeDue(build)
    const calls = await untilReceived(2)
    const ids = calls.map(({ headers }) => headers['webhook-id'])
    expect(ids).toEqual([`${build}-callback`, `${build}-callback`])
    expect(calls[1]?.body).toBe(calls[0]?.body)
    new Webhook(CANARY).verify(calls[1]?.body ?? '', calls[1]?.headers as never)
    await until(build, { state: 'delivered', attempts: 2, lastStatus: 200 })
  })

  test('waits for as long as a busy receiver asks', async () => {
    const { url, host } = await receiver(() => ({ status: 503, headers: { 'retry-after': '600' } }))
    consumer({ allow: [host] })
    const { nextAt = '' } = await until(await ended(url), { state: 'pending', attempts: 1 })
    expect(Date.parse(nextAt)).toBeGreaterThan(Date.now() + 590_000)
  })

  test('is not told again to a receiver that is gone', async () => {
    const { url, host, received } = await receiver(() => ({ status: 410 }))
    consumer({ allow: [host] })
    await until(await ended(url), { state: 'failed', attempts: 1, lastStatus: 410 })
    expect(received).toHaveLength(1)
  })

  test('does not follow a redirect', async () => {
    const other = await receiver()
    const { url, host } = await receiver(() => ({ status: 307, headers: { location: other.url } }))
    consumer({ allow: [host, other.host] })
    await until(await ended(url), { state: 'pending', attempts: 1, lastStatus: 307 })
    expect(other.received).toEqual([])
  })

  test('never goes to a private address that nobody allowed', async () => {
    const { url, received } = await receiver()
    consumer()
    const { lastError } = await until(await ended(url), { state: 'failed', attempts: 1 })
    expect(lastError).toMatch(/may not be reached without TLS/)
    expect(received).toEqual([])
  })

  test('to nobody is tried again', async () => {
    const gone = await receiver()
    await gone.close()
    ending.pop()
    consumer({ allow: [gone.host] })
    const { lastError } = await until(await ended(gone.url), { state: 'pending', attempts: 1 })
    expect(lastError).toMatch(/ECONNREFUSED/)
  })

  test('is told once more when somebody asks for it', async () => {
    const { url, host, untilReceived } = await receiver((n) => ({ status: n === 1 ? 410 : 204 }))
    consumer({ allow: [host] })
    const build = await ended(url)
    await until(build, { state: 'failed' })
    await installation.records.notices.redeliver('acme', { build }, `${build}-callback`)
    await untilReceived(2)
    await until(build, { state: 'delivered', attempts: 1 })
  })
})

describe('a worker that stops', () => {
  test('leaves what is under way to another one', async () => {
    const { url, host, untilReceived } = await receiver((n) =>
      n === 1 ? undefined : { status: 204 },
    )
    const stopping = consumer({ allow: [host] })
    const build = await ended(url)
    await untilReceived(1)
    await stopping.close(10)
    await until(build, { state: 'pending', attempts: 0 })
    consumer({ allow: [host] })
    await until(build, { state: 'delivered', attempts: 1 })
  })
})

describe('one receiver that does not answer', () => {
  test('does not hold the others up', async () => {
    const slow = await receiver(() => undefined)
    const { url, host } = await receiver()
    const stopping = consumer({ allow: [slow.host, host] })
    for (let count = 0; count < 40; count++) await ended(slow.url)
    await slow.untilReceived(8)
    await until(await ended(url), { state: 'delivered' })
    expect(slow.received).toHaveLength(8)
    await stopping.close(0)
  })
})

describe('a commit status', () => {
  test('is pending first and tells how it ended, and the token stays with its server', async () => {
    const token = 'canary-token-of-the-hook'
    const server = await startStatusServer('github', token)
    ending.push(() => server.close())
    consumer({ allow: [server.host], access: { provider: 'github', api: server.api, token } })
    const target = {
      hook: 'h1',
      provider: 'github',
      repository: 'https://github.com/acme/functions.git',
      commit: 'a'.repeat(40),
    } as const
    const { records } = installation
    const { ids } = await records.accept([newBuild('hello', { status: target })], {
      tenant: 'acme',
    })
    const [build = ''] = ids
    await until(build, { kind: 'commit-status', state: 'delivered' })
    const beginning = await records.begin(build, 'w1')
    if (beginning.begun) await records.finish(build, beginning.attempt, SUCCEEDED)
    await vi.waitFor(() => expect(server.statuses()).toHaveLength(2), { timeout: 15_000 })
    const states = server.statuses().map(({ body }) => [body.state, body.context])
    expect(states).toEqual([
      ['pending', 'packline/hello'],
      ['success', 'packline/hello'],
    ])
    expect(server.wrong).toEqual([])
    expect(JSON.stringify(await records.notices.list('acme', { build }))).not.toContain(token)
  })

  test('of a hook that is gone is given up with the reason', async () => {
    consumer()
    const target = {
      hook: 'none',
      provider: 'gitlab',
      repository: 'https://gitlab.com/acme/functions.git',
      commit: 'b'.repeat(40),
    } as const
    const { records } = installation
    const { ids } = await records.accept([newBuild('hello', { status: target })], {
      tenant: 'acme',
    })
    const { lastError } = await until(ids[0] ?? '', { state: 'failed' })
    expect(lastError).toMatch(/no token/)
  })
})

test('no secret and no address of a receiver is in the log', () => {
  const log = JSON.stringify(installation.logged)
  expect(log).not.toMatch(/whsec_|canary|127\.0\.0\.1:\d+\/hook/)
})
