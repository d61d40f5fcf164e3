import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, httpAnswers, redisAnswers, type Service, startService } from '@packline/setup'

/** A server of the test's own, which it may stop, start again with its data, freeze and thaw. */
export interface OwnServer {
  url: string
  /** On the same port and data; also after `stop` and `kill`. */
  start(): Promise<void>
  stop(): Promise<void>
  /** The process is there and its connections too, but it says nothing: SIGSTOP. */
  freeze(): void
  thaw(): void
  /** Stops it for good and removes its data. */
  remove(): Promise<void>
}

/** Needs `redisServer`. Anything but `noeviction` is what services must refuse. */
export async function ownRedis(policy = 'noeviction'): Promise<OwnServer> {
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  const settings = [
    ...['--bind', '127.0.0.1', '--appendonly', 'yes', '--save', ''],
    ...['--maxmemory-policy', policy],
  ]
  return ownServer({
    name: 'Redis',
    url,
    argv: () => [program('PACKLINE_TEST_REDIS'), '--port', String(port), ...settings],
    env: {},
    isReady: () => redisAnswers(url),
  })
}

/** Needs `minioServer`. */
export async function ownMinio(): Promise<OwnServer> {
  const port = await freePort()
  const [key, secret] = ['packline', 'packline-of-the-tests']
  return ownServer({
    name: 'MinIO',
    url: `s3+http://${key}:${secret}@127.0.0.1:${port}/packline?region=us-east-1`,
    argv: (folder) => {
      const address = ['--address', `127.0.0.1:${port}`]
      return [program('PACKLINE_TEST_MINIO'), 'server', ...address, join(folder, 'objects')]
    },
    env: {
      MINIO_ROOT_USER: key,
      MINIO_ROOT_PASSWORD: secret,
      MINIO_REGION: 'us-east-1',
      MINIO_UPDATE: 'off',
      MINIO_BROWSER: 'off',
    },
    isReady: () =>
      httpAnswers(`http://127.0.0.1:${port}/minio/health/ready`, (status) => status === 200),
  })
}

interface Spec {
  name: string
  url: string
  argv(folder: string): [string, ...string[]]
  env: Record<string, string>
  isReady(): Promise<boolean>
}

async function ownServer({ name, url, argv, env, isReady }: Spec): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), `packline-own-${name}-`))
  await mkdir(join(folder, 'objects', 'packline'), { recursive: true })
  const { PATH = '', HOME = folder } = process.env
  let service: Service | undefined
  const signal = (kind: NodeJS.Signals) => service && process.kill(service.pid, kind)
  const server: OwnServer = {
    url,
    start: async () => {
      service = await startService({
        name,
        argv: argv(folder),
        cwd: folder,
        env: { PATH, HOME, ...env },
        logFile: join(folder, 'server.log'),
        isReady,
        readyMsMax: 30_000,
        graceMs: 5000,
      })
    },
    stop: async () => {
      // A frozen process keeps every signal but this one for later.
      signal('SIGCONT')
      await service?.stop()
      service = undefined
    },
    freeze: () => void signal('SIGSTOP'),
    thaw: () => void signal('SIGCONT'),
    remove: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
  await server.start()
  return server
}

function program(name: string): string {
  const path = process.env[name]
  if (path) return path
  throw new Error(`${name} is not set: call needs() first`)
}
