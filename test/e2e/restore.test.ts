import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestLine, type TestLine } from '../harness/line.ts'
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

async function archivedBuild(): Promise<string> {
  const { id } = await line.client.submit({
    function: 'outlives',
    runtime: 'nodejs',
    handler: 'index.handler',
    source: { kind: 'inline', files: { 'index.js': 'exports.handler = async () => 1\n' } },
    build: { load: false },
  })
  await until(async () => (await redis.hget(`${line.prefix}:build:${id}`, 'archivedIn')) !== null)
  return id
}

test('a finished build outlives Redis, and an operator finds it again from the store alone', async () => {
  const id = await archivedBuild()
  const ask = async (part: string) => (await line.fetch(`/v1/builds/${id}${part}`)).text()
  const parts = ['', '/events', '/report', '/log', '/package']
  const before = await Promise.all(parts.map(ask))
  for await (const keys of redis.scanStream({ match: `${line.prefix}*` })) {
    if (keys.length > 0) await redis.unlink(keys)
  }
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
  expect(stdout).toBe('1 builds restored from 1 segments of the archive\n')
  expect(await Promise.all(parts.map(ask))).toEqual(before)
  const retry = await line.fetch(`/v1/builds/${id}/retry`, { method: 'POST' })
  expect(retry.status).toBe(202)
})
