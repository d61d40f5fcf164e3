import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { BuildRequestInput, Problem } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { has, needs } from '../harness/needs.ts'
import { type OwnServer, ownRedis } from '../harness/own-server.ts'

const ANSWER_MS_MAX = 2000

let redis: OwnServer
let line: TestLine
beforeAll(async () => {
  if (!has('redisServer')) return
  redis = await ownRedis()
  line = await startTestLine({ redisUrl: redis.url })
})
afterAll(async () => {
  await line?.stop()
  await redis?.remove()
})

const hello: BuildRequestInput = {
  function: 'hello',
  runtime: 'nodejs',
  handler: 'index.handler',
  source: { kind: 'inline', files: { 'index.js': 'exports.handler = () => 1\n' } },
}

/** Every path that asks Redis. */
const ASKING: [method: string, path: string, body?: unknown][] = [
  ['GET', '/readyz'],
  ['GET', '/v1/builds'],
  ['GET', '/v1/builds?state=failed&function=hello'],
  ['POST', '/v1/builds', hello],
  ['GET', '/v1/builds/x'],
  ['GET', '/v1/builds/x/events'],
  ['GET', '/v1/builds/x/log'],
  ['GET', '/v1/builds/x/log?follow=true'],
  ['GET', '/v1/builds/x/report'],
  ['GET', '/v1/builds/x/package'],
  ['POST', '/v1/builds/x/cancel'],
  ['POST', '/v1/builds/x/retry'],
  ['GET', '/v1/batches'],
  ['POST', '/v1/batches', { builds: [hello] }],
  ['GET', '/v1/batches/x'],
  ['GET', '/v1/batches/x/events'],
  ['POST', '/v1/batches/x/cancel'],
  ['POST', '/v1/batches/x/retry'],
  ['GET', '/v1/workers'],
  ['GET', '/admin/queues/api/queues'],
]

async function expectAway(): Promise<void> {
  const answers = ASKING.map(async ([method, path, body]) => {
    const started = performance.now()
    const key = path.startsWith('/admin') ? line.operatorKey : line.key
    const headers = { authorization: `Bearer ${key}` }
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const response = await line.fetch(path, init)
    const problem = (await response.json()) as Problem
    const ms = performance.now() - started
    const type = response.headers.get('content-type')
    expect({ path, status: response.status, type, code: problem.code }).toEqual({
      path,
      status: 503,
      type: 'application/problem+json; charset=utf-8',
      code: 'RECORDS_UNAVAILABLE',
    })
    const inOurWords = /^Redis (is not connected|did not answer within \d+ ms)$/
    expect(problem).toMatchObject({ detail: expect.stringMatching(inOurWords) })
    expect(problem.hint).toBeTruthy()
    expect(response.headers.get('retry-after')).toBe('2')
    expect([path, ms < ANSWER_MS_MAX || ms]).toEqual([path, true])
  })
  await Promise.all(answers)
}

/** What needs no Redis goes on. */
async function expectAlive(): Promise<void> {
  for (const path of ['/healthz', '/openapi.json']) {
    const response = await line.fetch(path)
    expect([path, response.status]).toEqual([path, 200])
    await response.body?.cancel()
  }
}

async function isReady(): Promise<boolean> {
  return (await line.fetch('/readyz')).ok
}

describe('while Redis is away', () => {
  test.each([
    ['stopped', () => redis.stop(), () => redis.start()],
    ['frozen', async () => redis.freeze(), async () => redis.thaw()],
  ])(
    '(%s) every path that needs it is 503 within 2 s, and all goes on when it is back',
    async (_how, leave, comeBack) => {
      const builds = Array.from({ length: 20 }, (_, n) => ({ ...hello, function: `before-${n}` }))
      const batch = await line.client.submitBatch({ builds })
      const watching = Array.fromAsync(line.client.batchEvents(batch.id))
      await leave()
      await expectAway()
      await expectAlive()
      expect(await (await line.fetch('/readyz')).json()).toMatchObject({
        ready: false,
        redis: 'away',
        store: 'ok',
      })
      await comeBack()
      await expect.poll(isReady, { timeout: 10_000 }).toBe(true)
      const after = await line.client.submit(hello)
      const events = await Array.fromAsync(line.client.events(after.id))
      expect(events.at(-1)?.type).toBe('succeeded')
      // Who watched meanwhile sees every end, each once.
      const changes = await watching
      expect(changes.at(-1)?.counts).toMatchObject({ total: 20, succeeded: 20 })
      const ended = changes.filter(({ state }) => state === 'succeeded').map(({ build }) => build)
      expect(ended.toSorted()).toEqual(batch.builds.toSorted())
    },
  )
})

describe('at the start', () => {
  /** Runs a service until it ends; `one line` is all it may say. */
  async function run(entry: 'api' | 'worker', environment: Record<string, string>) {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, `../../services/${entry}/src/main.ts`)],
      {
        env: {
          PATH: process.env.PATH,
          PACKLINE_STORE_URL: `file://${join(line.folder, 'objects')}`,
          PACKLINE_KEYS: 'one:a-key-of-sixteen-or-more',
          PACKLINE_PORT: '0',
          PACKLINE_SCRATCH: join(line.folder, 'other-scratch'),
          PACKLINE_LOG_LEVEL: 'warn',
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    onTestFinished(() => void child.kill('SIGKILL'))
    const said = Promise.all([text(child.stdout), text(child.stderr)])
    const [code] = await once(child, 'exit')
    return { code, lines: (await said).join('').trim().split('\n') }
  }

  test.each(['api', 'worker'] as const)(
    'the %s refuses a Redis that would evict builds',
    async (entry) => {
      const evicting = await ownRedis('allkeys-lru')
      onTestFinished(() => evicting.remove())
      const { code, lines } = await run(entry, { PACKLINE_REDIS_URL: evicting.url })
      expect(code).toBe(1)
      expect(lines).toEqual([
        expect.stringMatching(
          /^Redis has maxmemory-policy "allkeys-lru"; expected "noeviction".* Start it with/,
        ),
      ])
    },
  )

  test.each(['api', 'worker'] as const)(
    'the %s says in one line that the store is away',
    async (entry) => {
      const { code, lines } = await run(entry, {
        PACKLINE_REDIS_URL: redis.url,
        PACKLINE_STORE_URL: 's3+http://key:secret@127.0.0.1:1/packline',
      })
      expect(code).toBe(1)
      expect(lines).toEqual([expect.stringMatching(/127\.0\.0\.1:1 .*did not answer/)])
    },
  )

  test('the api says in one line that its port is taken', async (context) => {
    needs(context, 'redisServer')
    const { port } = new URL(line.url)
    const { code, lines } = await run('api', {
      PACKLINE_REDIS_URL: redis.url,
      PACKLINE_PORT: port,
    })
    expect(code).toBe(1)
    expect(lines).toEqual([expect.stringMatching(/can not listen.*EADDRINUSE.*PACKLINE_PORT/)])
  })
})
