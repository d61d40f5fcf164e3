import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { findEngine, startContainer } from './container.ts'
import { type Environment, toolEnvironment } from './environment.ts'
import { findOnPath, isExecutable } from './find-on-path.ts'
import { httpAnswers } from './http-ping.ts'
import { buildMinio, cachedMinio, MINIO_VERSION } from './minio-build.ts'
import { onFreePort } from './ports.ts'
import { startService } from './process/service.ts'
import { firstThatWorks, type Way } from './way.ts'

/** A MinIO that answers; `url` is the store's, with key, secret and bucket. */
export interface MinioFound {
  url: string
  /** How it was found, for people: `cached`. */
  how: string
  /** The server program, when it is one of this machine. */
  program?: string
  /** Ends when the server ends; absent when it was given. */
  exited?: Promise<unknown>
  stop: () => Promise<void>
}

export type MinioWay = 'url' | 'cached' | 'path' | 'container' | 'build'

export interface MinioOptions {
  /** `s3+http://KEY:SECRET@host:port/bucket?region=us-east-1`, or `s3+https:`. */
  url?: string
  /** The variable that `url` is read from, which the hint names. */
  urlVariable?: string
  /** Log, credentials and objects; made when missing. */
  folder: string
  environment: Environment
  /** Gets one line for each way that did not work, and signs of life of a build. */
  note: (line: string) => void
  /** Which ways, in which order; `build` takes minutes and must be asked for. */
  order?: MinioWay[]
  /** Takes the place of our own way to run a container. */
  container?: () => Promise<MinioFound>
  signal?: AbortSignal
}

export const MINIO_BUCKET = 'packline'

const URL_VARIABLE = 'PACKLINE_STORE_URL'
const ORDER: MinioWay[] = ['url', 'cached', 'path', 'container']
/** The first is what `docker compose build` makes of deploy/minio.Dockerfile. */
export const MINIO_IMAGES = [`packline-minio:${MINIO_VERSION}`, 'minio/minio']

/** Finds or starts a MinIO; fails with `STORE_UNAVAILABLE` and how to mend it. */
export function findMinio(options: MinioOptions): Promise<MinioFound> {
  const { urlVariable = URL_VARIABLE } = options
  const ways: Record<MinioWay, Way<MinioFound>> = {
    url: { name: 'by URL', open: () => takeGiven(options.url) },
    cached: { name: 'cached', open: () => startCached(options) },
    path: { name: 'on PATH', open: () => startFromPath(options) },
    container: { name: 'container', open: options.container ?? (() => startInEngine(options)) },
    build: { name: 'build', open: () => buildAndStart(options) },
  }
  return firstThatWorks({
    thing: 'MinIO',
    ways: (options.order ?? ORDER).map((name) => ways[name]),
    note: options.note,
    code: 'STORE_UNAVAILABLE',
    hint: `Install Go 1.24 or newer, so that it can be built once, or set ${urlVariable}.`,
    signal: options.signal,
  })
}

async function takeGiven(url: string | undefined): Promise<MinioFound> {
  if (!url) throw new Error('none given')
  if (!/^s3\+https?:/.test(url) || !URL.canParse(url)) {
    throw new Error('the URL given is not of the form s3+http://KEY:SECRET@host:port/bucket')
  }
  const { host } = new URL(url)
  const scheme = url.startsWith('s3+https:') ? 'https' : 'http'
  // Any status will do: another S3 server has no such path.
  if (!(await httpAnswers(`${scheme}://${host}/minio/health/live`, () => true))) {
    throw new Error(`${host} does not answer`)
  }
  return { url, how: 'given by URL', stop: async () => {} }
}

function startCached(options: MinioOptions): Promise<MinioFound> {
  const program = cachedMinio(options.environment)
  if (!isExecutable(program)) throw new Error(`${MINIO_VERSION} was not built yet`)
  return startProgram(program, 'cached', options)
}

function startFromPath(options: MinioOptions): Promise<MinioFound> {
  const program = findOnPath(options.environment, 'minio')
  if (!program) throw new Error('no minio')
  return startProgram(program, 'minio on PATH', options)
}

async function buildAndStart(options: MinioOptions): Promise<MinioFound> {
  const program = await buildMinio(options)
  return startProgram(program, 'built', options)
}

async function startProgram(
  program: string,
  how: string,
  options: MinioOptions,
): Promise<MinioFound> {
  const { folder } = options
  const keys = await ensureKeys(folder)
  return onFreePort(async (port) => {
    const service = await startService({
      name: 'MinIO',
      argv: [
        program,
        'server',
        ...['--address', `127.0.0.1:${port}`],
        path.join(folder, 'objects'),
      ],
      cwd: folder,
      env: { ...toolEnvironment(options.environment), ...settings(keys) },
      logFile: path.join(folder, 'minio.log'),
      isReady: () => isReady(port),
      readyMsMax: 60_000,
      graceMs: 5000,
      signal: options.signal,
    })
    const { exited, stop } = service
    return { url: urlOf(port, keys), how, program, exited, stop }
  })
}

interface Keys {
  key: string
  secret: string
}

/** The credentials stay with the objects: a second start must know the first one's. */
async function ensureKeys(folder: string): Promise<Keys> {
  const file = path.join(folder, 'credentials.json')
  // A folder below the objects is a bucket to MinIO: nobody has to make it over the network.
  await mkdir(path.join(folder, 'objects', MINIO_BUCKET), { recursive: true })
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Keys
  } catch {
    // The first start here, or a file that was cut: new ones do no harm.
    const keys = { key: 'packline', secret: randomBytes(18).toString('base64url') }
    await writeFile(file, JSON.stringify(keys), { mode: 0o600 })
    return keys
  }
}

/** Nothing is asked of or told to anybody outside this machine, and there is no web console. */
function settings({ key, secret }: Keys): Record<string, string> {
  return {
    MINIO_ROOT_USER: key,
    MINIO_ROOT_PASSWORD: secret,
    MINIO_REGION: 'us-east-1',
    MINIO_UPDATE: 'off',
    MINIO_CALLHOME_ENABLE: 'off',
    MINIO_BROWSER: 'off',
  }
}

function urlOf(port: number, { key, secret }: Keys): string {
  return `s3+http://${key}:${secret}@127.0.0.1:${port}/${MINIO_BUCKET}?region=us-east-1`
}

function isReady(port: number): Promise<boolean> {
  return httpAnswers(`http://127.0.0.1:${port}/minio/health/ready`, (status) => status === 200)
}

async function startInEngine(options: MinioOptions): Promise<MinioFound> {
  const engine = await findEngine(options.environment, options.signal)
  const keys = await ensureKeys(path.join(options.folder, 'container'))
  return onFreePort(async (port) => {
    const { exited, stop } = await startContainer(engine, {
      name: 'MinIO',
      images: MINIO_IMAGES,
      args: ['minio', 'server', '/objects'],
      variables: settings(keys),
      port: { host: port, container: 9000 },
      folder: { host: path.join(options.folder, 'container', 'objects'), container: '/objects' },
      isReady: () => isReady(port),
      logFile: path.join(options.folder, 'minio.log'),
      signal: options.signal,
    })
    return { url: urlOf(port, keys), how: 'container', exited, stop }
  })
}
