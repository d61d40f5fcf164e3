import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, packlineClient } from '@packline/client'
import { freePort, httpAnswers, type Service, startService } from '@packline/setup'
import { described } from './described.ts'
import { removeKeys, removeObjects, withBucket } from './own-place.ts'

const ROOT = join(import.meta.dirname, '../..')

/** API and workers as processes of their own, on the test run's Redis and MinIO. */
export interface TestLine {
  url: string
  /** Keys of two tenants. */
  key: string
  otherKey: string
  operatorKey: string
  client: Client
  redisUrl: string
  storeUrl: string
  prefix: string
  folder: string
  api: Service
  workers: Service[]
  /** A worker more; `name` is its id. */
  addWorker(name?: string, environment?: Record<string, string>): Promise<Service>
  /** What a service has logged so far: `api`, or a worker's name. */
  logOf(name: string): Promise<string>
  /** Fails where the answer is not as the API's description has it. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  stop(): Promise<void>
}

export interface TestLineOptions {
  workers?: number
  environment?: Record<string, string>
  redisUrl?: string
  storeUrl?: string
}

/** Starts a line with Redis keys and a bucket of its own; `stop` removes both. */
export async function startTestLine(options: TestLineOptions = {}): Promise<TestLine> {
  const id = randomBytes(4).toString('hex')
  const folder = await mkdtemp(join(tmpdir(), `packline-line-${id}-`))
  const redisUrl = options.redisUrl ?? given('PACKLINE_TEST_REDIS_URL')
  const storeUrl = options.storeUrl ?? withBucket(given('PACKLINE_TEST_STORE_URL'), `e2e-${id}`)
  const prefix = `{e2e-${id}}`
  const [key, otherKey] = [`key-of-one-tenant-${id}`, `key-of-the-other-tenant-${id}`]
  const operatorKey = `key-of-the-operator-${id}`
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const base = {
    ...settings(folder),
    ...keySettings(key, otherKey, operatorKey),
    PACKLINE_REDIS_URL: redisUrl,
    PACKLINE_STORE_URL: storeUrl,
    PACKLINE_PREFIX: prefix,
    PACKLINE_PORT: String(port),
    ...options.environment,
  }
  const client = packlineClient({ url, key })
  const start = (name: string, entry: string, env: Record<string, string>, isReady: Ready) =>
    startService({
      name,
      argv: [process.execPath, join(ROOT, 'services', entry, 'src/main.ts')],
      cwd: ROOT,
      env,
      logFile: join(folder, `${name}.log`),
      isReady,
      readyMsMax: 60_000,
      graceMs: 15_000,
    })
  const api = await start('api', 'api', base, () =>
    httpAnswers(`${url}/healthz`, (status) => status === 200),
  )
  const workers: Service[] = []
  const line: TestLine = {
    url,
    key,
    otherKey,
    operatorKey,
    client,
    redisUrl,
    storeUrl,
    prefix,
    folder,
    api,
    workers,
    addWorker: async (name = `worker-${workers.length + 1}`, environment = {}) => {
      const lives = async () => {
        const all = await client.workers().catch(() => [])
        return all.some((worker) => worker.id === name)
      }
      const env = { ...base, PACKLINE_WORKER: name, ...environment }
      const worker = await start(name, 'worker', env, lives)
      workers.push(worker)
      return worker
    },
    logOf: (name) => readFile(join(folder, `${name}.log`), 'utf8'),
    fetch: described((path, { headers, ...init } = {}) =>
      fetch(url + path, { ...init, headers: { authorization: `Bearer ${key}`, ...headers } }),
    ),
    stop: async () => {
      await Promise.all([...workers, api].map((service) => service.stop()))
      await Promise.all([removeKeys(redisUrl, prefix), removeObjects(storeUrl)])
      await rm(folder, { recursive: true, force: true })
    },
  }
  for (let index = 0; index < (options.workers ?? 1); index++) await line.addWorker()
  return line
}

function keySettings(key: string, otherKey: string, operatorKey: string) {
  return {
    PACKLINE_SECRET_KEY: randomBytes(32).toString('base64'),
    PACKLINE_KEYS: `one:${key},other:${otherKey}`,
    PACKLINE_OPERATOR_KEY: operatorKey,
  }
}

type Ready = () => Promise<boolean>

function settings(folder: string): Record<string, string> {
  return {
    ...inherited(),
    PACKLINE_SCRATCH: join(folder, 'scratch'),
    PACKLINE_CACHE: join(ROOT, '.local/test-cache'),
    PACKLINE_LOCAL_GIT: '1',
    PACKLINE_STOP_SECONDS: '5',
    PACKLINE_LOG_LEVEL: 'warn',
    // Where no sandbox can be made, tests that need none still build.
    PACKLINE_UNSANDBOXED_TENANT: 'one',
  }
}

function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'PYENV_ROOT', 'PACKLINE_REGISTRIES', 'CI']
  const found = names.flatMap((name): [string, string][] => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  const bwrap = process.env.PACKLINE_TEST_BWRAP
  return { ...Object.fromEntries(found), ...(bwrap ? { PACKLINE_BWRAP: bwrap } : {}) }
}

function given(name: string): string {
  const value = process.env[name]
  if (value) return value
  throw new Error(`${name} is not set: run the tests by npm test`)
}
