import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { functionsOn, of } from '../harness/functions.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { removeKeys } from '../harness/own-place.ts'
import { until } from '../harness/processes.ts'

const API = join(import.meta.dirname, '../../services/api/src/main.ts')

let line: TestLine
let redis: Redis
beforeAll(async () => {
  line = await startTestLine({ workers: 1 })
  redis = new Redis(line.redisUrl)
})
afterAll(async () => {
  await redis.quit()
  await line.stop()
})

const { send, registered, write, built, uploaded, packedFiles } = functionsOn(() => line)
const texts = (paths: string[]) =>
  Promise.all(paths.map(async (path) => (await line.fetch(path)).text()))

/** Nothing is left that is in Redis alone. */
async function untilKept(): Promise<void> {
  const waiting = ['archive', 'lasting-due'].map((name) => `${line.prefix}:${name}`)
  await until(async () => (await redis.exists(...waiting)) === 0)
}

test('a function, what it needs and what leads to it outlive Redis, and its draft builds', async () => {
  const upload = await uploaded({ 'node_modules/greeting/index.js': 'exports.hello = 1\n' })
  const source = { kind: 'upload', upload } as const
  const made = await line.client.addDependency({ name: 'libs', runtime: 'nodejs', source })
  await Array.fromAsync(line.client.events(made.id))
  await registered('hello', { dependencies: ['libs@1'], build: { load: false } })
  await write('hello', 'index.js', 'exports.handler = async () => 1\n')
  const first = await built('hello')
  await built('hello')
  await send('PUT', of('hello', '/aliases/stable'), { number: 1 })
  await send('PUT', of('hello', '/aliases/current'), { number: 1 })
  const token = { kind: 'git-token', host: 'git.example', token: 'a-token' } as const
  await line.client.putCredential('git', token)
  await send('POST', '/v1/hooks', { provider: 'gitea', repository: 'https://git.example/a.git' })
  const ofFunction = ['', '/files', '/packages', '/aliases'].map((rest) => of('hello', rest))
  const libraries = ['', '/revisions', '/revisions/1'].map((rest) => `/v1/dependencies/libs${rest}`)
  const paths = [...ofFunction, ...libraries, '/v1/builds', '/v1/hooks', '/v1/credentials']
  const before = await texts(paths)

  await untilKept()
  await removeKeys(line.redisUrl, line.prefix)
  // The worker sees it by itself.
  await until(async () => (await redis.exists(`${line.prefix}:lasting-known`)) === 1)
  expect(await texts(paths)).toEqual(before)
  const again = await built('hello')
  expect(again).toMatchObject({ state: 'succeeded', number: 3 })
  expect(await packedFiles(again.id)).toEqual(await packedFiles(first.id))
})

test('a finished build outlives Redis, and an operator finds it again from the store alone', async () => {
  const { id } = await line.client.submit({
    function: 'outlives',
    runtime: 'nodejs',
    handler: 'index.handler',
    source: { kind: 'inline', files: { 'index.js': 'exports.handler = async () => 1\n' } },
    build: { load: false },
  })
  await Array.fromAsync(line.client.events(id))
  await untilKept()
  const parts = ['', '/events', '/report', '/log', '/package'].map((at) => `/v1/builds/${id}${at}`)
  const before = await texts(parts)
  await line.workers.pop()?.stop()
  await removeKeys(line.redisUrl, line.prefix)
  expect((await line.fetch(`/v1/builds/${id}`)).status).toBe(404)
  const { stdout } = await promisify(execFile)(process.execPath, [API, 'restore'], {
    env: {
      ...process.env,
      PACKLINE_REDIS_URL: line.redisUrl,
      PACKLINE_STORE_URL: line.storeUrl,
      PACKLINE_PREFIX: line.prefix,
      PACKLINE_KEYS: 'one:a-key-that-is-not-used-here',
    },
  })
  expect(stdout).toMatch(
    /^5 builds restored from \d segments of the archive\n3 functions, .* restored\n$/,
  )
  expect(await texts(parts)).toEqual(before)
  const retry = await line.fetch(`/v1/builds/${id}/retry`, { method: 'POST' })
  expect(retry.status).toBe(202)
})
