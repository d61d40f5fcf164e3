import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { findIsolation } from '@packline/engine'
import { findMinio, findRedis, type MinioFound, type RedisFound } from '@packline/setup'
import { findSandbox } from '../services/start/src/find-services.ts'
import { startLine } from '../services/start/src/line.ts'
import { scratchFolder } from '../services/start/src/scratch-folder.ts'
import { removeKeys, removeObjects, withBucket } from '../test/harness/own-place.ts'
import { bareLoop } from './bare/loop.ts'
import { startBare } from './bare/start.ts'
import {
  closingFigures,
  closingLoadFigures,
  type LoadRates,
  loadRatesText,
  type Rates,
  ratesText,
} from './figures.ts'
import { oneFileFunctions } from './functions.ts'
import type { BenchOptions } from './options.ts'
import { sandboxFloor } from './sandbox-floor.ts'
import { submitAndWatch } from './watch.ts'

interface Surroundings extends BenchOptions {
  root: string
  environment: NodeJS.ProcessEnv
  say: (text: string) => void
  /** Ends it in good order: all that was started is stopped, all that was written is removed. */
  signal: AbortSignal
}

const KEY = 'bench-key-of-the-development-tenant'
/** Both are warm after these. */
const FUNCTIONS_BEFORE_MAX = 500
const LOADS_BEFORE_MAX = 20

/**
 * Packages one-file functions through the whole line, load check off, beside two floors in the same
 * run: the same topology with nothing of ours, and the bare loop in one process. Then some of them
 * with the load check, beside what the sandbox alone costs.
 */
export async function bench(options: Surroundings): Promise<void> {
  const { root, say, signal } = options
  await using stack = new AsyncDisposableStack()
  const folder = join(root, '.local', `bench-${process.pid}`)
  await mkdir(folder, { recursive: true })
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const { redis, minio } = await findServices(options, folder, stack)
  const storeUrl = withBucket(minio.url, `bench-${process.pid}`)
  // Of its own also in a Redis that is given: workers of `npm start` must not take these builds.
  const prefix = `{bench-${process.pid}}`
  stack.defer(() => removeTraces(redis, minio, { prefix, storeUrl }))
  const { environment } = options
  const find = { local: join(root, '.local'), environment, say, signal }
  const { bwrap, isProven } = await findSandbox(find)
  const scratch = await scratchFolder(folder, isProven)
  stack.defer(() => scratch.remove())
  const line = await startLine({
    root,
    local: folder,
    key: KEY,
    secretKey: Buffer.alloc(32).toString('base64'),
    registries: '{}',
    scratch: scratch.path,
    bwrap,
    environment: { ...environment, PACKLINE_PREFIX: prefix },
    signal,
    redisUrl: redis.url,
    storeUrl,
  })
  for (const service of line.services.toReversed()) stack.defer(() => service.stop())
  const bare = await startBare({ root, folder, redis: redis.url, store: storeUrl, signal })
  for (const service of bare.services) stack.defer(() => service.stop())

  const functions = oneFileFunctions(options.functions)
  const watch = ({ url }: { url: string }, count = functions.length) =>
    submitAndWatch({ url, key: KEY }, functions.slice(0, count), signal)
  await watch(line, FUNCTIONS_BEFORE_MAX)
  await watch(bare, FUNCTIONS_BEFORE_MAX)
  const pairs: Rates[] = []
  for (let pair = 1; pair <= options.pairs; pair++) {
    const rates = {
      line: await watch(line),
      bare: await watch(bare),
      loop: await bareLoop(redis.url, storeUrl, functions.map(bareFunction), signal),
    }
    pairs.push(rates)
    say(`pair ${pair}: ${ratesText(rates)}`)
  }
  for (const text of closingFigures(pairs)) say(text)

  const isolation = await findIsolation({ bwrap })
  const loaded = oneFileFunctions(options.loads, true)
  const watchLoads = (count = loaded.length) =>
    submitAndWatch({ url: line.url, key: KEY }, loaded.slice(0, count), signal)
  await watchLoads(LOADS_BEFORE_MAX)
  const loads: LoadRates[] = []
  for (let pair = 1; pair <= options.pairs; pair++) {
    const rates = {
      line: await watchLoads(),
      sandbox: await sandboxFloor(options.loads, isolation, signal),
    }
    loads.push(rates)
    say(`load pair ${pair}: ${loadRatesText(rates)}`)
  }
  for (const text of closingLoadFigures(loads)) say(text)
}

/** Those of the tests when they are given, which then have to answer; else of our own. */
async function findServices(
  { root, environment, say, signal }: Surroundings,
  folder: string,
  stack: AsyncDisposableStack,
): Promise<{ redis: RedisFound; minio: MinioFound }> {
  const { PACKLINE_TEST_REDIS_URL: redisUrl, PACKLINE_TEST_STORE_URL: storeUrl } = environment
  const redis = await findRedis({
    url: redisUrl,
    urlVariable: 'PACKLINE_TEST_REDIS_URL',
    order: redisUrl ? ['url'] : ['path', 'unpack', 'container'],
    folder: join(folder, 'redis'),
    debianFolder: join(root, '.local/debian'),
    environment,
    note: say,
    signal,
  })
  stack.defer(() => redis.stop())
  const minio = await findMinio({
    url: storeUrl,
    urlVariable: 'PACKLINE_TEST_STORE_URL',
    order: storeUrl ? ['url'] : ['cached', 'path', 'container', 'build'],
    folder: join(folder, 'minio'),
    environment,
    note: say,
    signal,
  })
  stack.defer(() => minio.stop())
  return { redis, minio }
}

/** What we started goes with its folder. */
async function removeTraces(
  redis: RedisFound,
  minio: MinioFound,
  { prefix, storeUrl }: { prefix: string; storeUrl: string },
): Promise<void> {
  if (!redis.exited) await Promise.all([prefix, '{bare}'].map((one) => removeKeys(redis.url, one)))
  if (!minio.exited) await removeObjects(storeUrl)
}

function bareFunction(request: { function: string; source: unknown }) {
  return { function: request.function, source: request.source }
}
