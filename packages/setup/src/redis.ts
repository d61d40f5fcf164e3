import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { findEngine, startContainer } from './container.ts'
import { unpackedPrograms, unpackPrograms } from './debian.ts'
import { type Environment, toolEnvironment } from './environment.ts'
import { findOnPath } from './find-on-path.ts'
import { onFreePort } from './ports.ts'
import { startService } from './process/service.ts'
import { redisAnswers } from './redis-ping.ts'
import { firstThatWorks, type Way } from './way.ts'

/** A Redis that answers. `stop` ends it when it is ours, and does nothing to one that was given. */
export interface RedisFound {
  url: string
  /** How it was found, for people: `redis-server on PATH`. */
  how: string
  /** The server program, when it is one of this machine. */
  program?: string
  /** Ends when the server ends; absent when it was given. */
  exited?: Promise<unknown>
  stop: () => Promise<void>
}

export type RedisWay = 'url' | 'path' | 'unpacked' | 'unpack' | 'container'

export interface RedisOptions {
  url?: string
  /** The variable that `url` is read from, which the hint names. */
  urlVariable?: string
  /** Log, configuration and append-only files; made when missing. */
  folder: string
  /** Where Debian's packages are unpacked, such as `<clone>/.local/debian`. */
  debianFolder: string
  environment: Environment
  /** Gets one line for each way that did not work. */
  note: (line: string) => void
  /** Which ways, in which order. */
  order?: RedisWay[]
  /** Takes the place of our own way to run a container. */
  container?: () => Promise<RedisFound>
  signal?: AbortSignal
}

const URL_VARIABLE = 'PACKLINE_REDIS_URL'
const ORDER: RedisWay[] = ['url', 'path', 'unpack', 'container']
/** In the order they are looked for. */
export const REDIS_IMAGES = ['redis:7-alpine', 'redis:7', 'redis', 'valkey/valkey:8-alpine']
const PROGRAM = { package: 'redis-server', program: 'redis-server' }

/** Finds or starts a Redis; fails with `RECORDS_UNAVAILABLE` and how to mend it. */
export function findRedis(options: RedisOptions): Promise<RedisFound> {
  const { urlVariable = URL_VARIABLE } = options
  const ways: Record<RedisWay, Way<RedisFound>> = {
    url: { name: 'by URL', open: () => takeGiven(options.url) },
    path: { name: 'on PATH', open: () => startFromPath(options) },
    unpacked: { name: 'unpacked before', open: () => startUnpacked(options) },
    unpack: { name: "the distribution's package", open: () => unpackAndStart(options) },
    container: { name: 'container', open: options.container ?? (() => startInEngine(options)) },
  }
  return firstThatWorks({
    thing: 'Redis',
    ways: (options.order ?? ORDER).map((name) => ways[name]),
    note: options.note,
    code: 'RECORDS_UNAVAILABLE',
    hint: `Install redis-server or valkey, or set ${urlVariable}=redis://host:6379.`,
    signal: options.signal,
  })
}

async function takeGiven(url: string | undefined): Promise<RedisFound> {
  if (!url) throw new Error('none given')
  if (!URL.canParse(url)) throw new Error('the URL given is not one')
  if (!(await redisAnswers(url))) throw new Error(`${new URL(url).host} does not answer`)
  return { url, how: 'given by URL', stop: async () => {} }
}

/**
 * A Redis on PATH, or as it was unpacked before, where a folder is given; not started. Nothing is
 * installed.
 */
export function presentRedis(
  environment: Environment,
  debianFolder: string | undefined,
): string | undefined {
  const onPath = redisOnPath(environment)
  if (onPath !== undefined || debianFolder === undefined) return onPath
  return unpackedPrograms([PROGRAM], debianFolder)?.[0]
}

function redisOnPath(environment: Environment): string | undefined {
  return findOnPath(environment, 'redis-server', 'valkey-server')
}

function startFromPath(options: RedisOptions): Promise<RedisFound> {
  const program = redisOnPath(options.environment)
  if (!program) throw new Error('neither redis-server nor valkey-server')
  return startProgram(program, `${path.basename(program)} on PATH`, options)
}

function startUnpacked(options: RedisOptions): Promise<RedisFound> {
  const [program] = unpackedPrograms([PROGRAM], options.debianFolder) ?? []
  if (!program) throw new Error('not yet')
  return startProgram(program, 'redis-server unpacked', options)
}

async function unpackAndStart(options: RedisOptions): Promise<RedisFound> {
  const { debianFolder: folder, environment, signal } = options
  const [program] = await unpackPrograms([PROGRAM], { folder, environment, signal })
  if (!program) throw new Error('it was not unpacked')
  return startProgram(program, 'redis-server unpacked', options)
}

async function startProgram(
  program: string,
  how: string,
  options: RedisOptions,
): Promise<RedisFound> {
  const { folder } = options
  await mkdir(folder, { recursive: true })
  return onFreePort(async (port) => {
    const password = randomPassword()
    const url = urlOf(port, password)
    const settings = path.join(folder, 'redis.conf')
    await writeFile(settings, configuration(port, password), { mode: 0o600 })
    const service = await startService({
      name: 'Redis',
      argv: [program, settings],
      cwd: folder,
      env: toolEnvironment(options.environment),
      logFile: path.join(folder, 'redis.log'),
      isReady: () => redisAnswers(url),
      readyMsMax: 30_000,
      graceMs: 5000,
      signal: options.signal,
    })
    return { url, how, program, exited: service.exited, stop: service.stop }
  })
}

/** Every user of this machine reaches 127.0.0.1: only who knows the password is let in. */
function randomPassword(): string {
  return randomBytes(18).toString('base64url')
}

function urlOf(port: number, password: string): string {
  return `redis://:${password}@127.0.0.1:${port}`
}

/** Paths are relative to the folder that it runs in: its own may hold spaces and quotes. */
function configuration(port: number, password: string): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    'dir ./',
    'appendonly yes',
    'appendfsync everysec',
    // Anything else makes Redis throw away jobs and records when memory runs out.
    'maxmemory-policy noeviction',
    'save ""',
    '',
  ].join('\n')
}

async function startInEngine(options: RedisOptions): Promise<RedisFound> {
  const engine = await findEngine(options.environment, options.signal)
  return onFreePort(async (port) => {
    const password = randomPassword()
    const url = urlOf(port, password)
    const service = await startContainer(engine, {
      name: 'Redis',
      images: REDIS_IMAGES,
      args: [
        ...['sh', '-c', 'exec redis-server --requirepass "$REDIS_PASSWORD" "$@"', 'redis'],
        ...['--appendonly', 'yes', '--maxmemory-policy', 'noeviction', '--save', ''],
      ],
      variables: { REDIS_PASSWORD: password },
      port: { host: port, container: 6379 },
      folder: { host: path.join(options.folder, 'container'), container: '/data' },
      isReady: () => redisAnswers(url),
      logFile: path.join(options.folder, 'redis.log'),
      signal: options.signal,
    })
    return { url, how: 'container', exited: service.exited, stop: service.stop }
  })
}
