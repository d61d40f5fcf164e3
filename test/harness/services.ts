import path from 'node:path'
import {
  describeRegistries,
  type Environment,
  findMinio,
  findRedis,
  findSandboxTool,
  type MinioFound,
  type MinioWay,
  type RedisFound,
  type RedisWay,
  registrySettings,
} from '@packline/setup'
import { PacklineError } from '@packline/shared'
import { phase, print } from './phases.ts'
import { minioInContainer, redisInContainer } from './testcontainers.ts'

export interface TestServices {
  /** What the tests read: PACKLINE_TEST_REDIS_URL and so on. */
  variables: Record<string, string>
  stop: () => Promise<void>
}

interface Options {
  root: string
  /** State of the services; the caller removes it. */
  folder: string
  environment: Environment
  /** Only what is there or comes within seconds: nothing is built, nothing runs in containers. */
  isQuick: boolean
  signal: AbortSignal
}

const REDIS_WAYS: RedisWay[] = ['url', 'path', 'unpacked', 'container', 'unpack']
const MINIO_WAYS: MinioWay[] = ['url', 'path', 'cached', 'container', 'build']

/**
 * A real Redis, a real MinIO and the sandbox's tool for the tests. Without Redis or MinIO it fails
 * and says what to install; without a sandbox the tests that need one say so.
 */
export async function startTestServices(options: Options): Promise<TestServices> {
  const started: (RedisFound | MinioFound)[] = []
  const stop = async () => {
    await Promise.all(started.map((service) => service.stop()))
  }
  try {
    const redis = await phase(
      'redis',
      () => startRedis(options),
      ({ how }) => how,
    )
    started.push(redis)
    const store = await phase(
      'store',
      () => startMinio(options),
      (found) => found?.how ?? 'none',
    )
    if (store) started.push(store)
    return { variables: await variablesOf(redis, store, options), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function startRedis(options: Options): Promise<RedisFound> {
  const { environment, signal } = options
  return findRedis({
    url: environment.PACKLINE_TEST_REDIS_URL,
    urlVariable: 'PACKLINE_TEST_REDIS_URL',
    folder: path.join(options.folder, 'redis'),
    debianFolder: debianFolder(options.root),
    environment,
    note: print,
    order: options.isQuick ? ['url', 'path', 'unpacked', 'unpack'] : REDIS_WAYS,
    container: () => redisInContainer(environment, signal),
    signal,
  })
}

async function startMinio(options: Options): Promise<MinioFound | undefined> {
  const { environment, isQuick, signal } = options
  try {
    return await findMinio({
      url: environment.PACKLINE_TEST_STORE_URL,
      urlVariable: 'PACKLINE_TEST_STORE_URL',
      folder: path.join(options.folder, 'minio'),
      environment,
      note: print,
      order: isQuick ? ['url', 'path', 'cached'] : MINIO_WAYS,
      container: () => minioInContainer(environment, signal),
      signal,
    })
  } catch (error) {
    if (isQuick && error instanceof PacklineError) return undefined
    throw error
  }
}

async function variablesOf(
  redis: RedisFound,
  store: MinioFound | undefined,
  options: Options,
): Promise<Record<string, string>> {
  const bwrap = await phase(
    'sandbox',
    () => findSandbox(options),
    (found) => found ?? 'none',
  )
  const registries = await registrySettings(options.environment)
  for (const line of describeRegistries(registries)) print(`registries: ${line}`)
  const variables = {
    PACKLINE_TEST_REDIS_URL: redis.url,
    PACKLINE_TEST_REDIS: redis.program,
    PACKLINE_TEST_STORE_URL: store?.url,
    PACKLINE_TEST_MINIO: store?.program,
    PACKLINE_TEST_BWRAP: bwrap,
    PACKLINE_REGISTRIES: JSON.stringify(registries),
  }
  return Object.fromEntries(Object.entries(variables).flatMap(([k, v]) => (v ? [[k, v]] : [])))
}

async function findSandbox(options: Options): Promise<string | undefined> {
  const { environment, root, signal } = options
  try {
    const tool = await findSandboxTool({
      debianFolder: debianFolder(root),
      environment,
      note: print,
      signal,
    })
    return tool.program
  } catch (error) {
    // Said in a line by now; each test that needs it says so again.
    if (error instanceof PacklineError) return undefined
    throw error
  }
}

function debianFolder(root: string): string {
  return path.join(root, '.local', 'debian')
}
