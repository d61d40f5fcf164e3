import { randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { homedir, networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { packlineClient } from '@packline/client'
import { startTestLine, type TestLine } from '../../harness/line.ts'
import { until } from '../../harness/processes.ts'
import { PROBED_LIMITS } from './limits.ts'

/** What there is around a build that a probe must not get at; all of it is really there. */
export interface Place {
  line: TestLine
  /** Stands in every canary and in the worker's environment, and nowhere else. */
  canary: string
  /** Files of the worker, its user, another tenant's cache and another build, with the canary. */
  files: Readonly<Record<'worker' | 'home' | 'cache' | 'neighbour', string>>
  /** The name of one in each of the tenant's own caches, which its builds share. */
  inCache: string
  shared: readonly string[]
  worker: number
  /** Among the arguments of another tenant's build, which runs all the time. */
  neighbour: string
  /** `HOST PORT` of listeners outside: this machine by each of its addresses, Redis, the store. */
  servers: readonly string[]
  /** A socket with a name in a folder where everybody may go, and one without a file. */
  socket: string
  abstractSocket: string
  /** Who has come to a listener of ours. */
  heard: string[]
  close(): Promise<void>
}

/** Shared with other tests: tool chains without theirs would take minutes. */
const CACHE = join(import.meta.dirname, '../../../.local/test-cache')

/** Users of their own, whom many processes may not be denied to; one is the neighbour's. */
const SLOTS =
  process.getuid?.() === 0 ? ['60700', '60701', '60702'] : ['own', 'own-of-none', 'own-of-none-too']

export async function makePlace(): Promise<Place> {
  const mark = randomBytes(6).toString('hex')
  const canary = `canary-${mark}`
  const line = await startTestLine({
    environment: {
      ...PROBED_LIMITS,
      WORKER_CANARY: canary,
      PACKLINE_CACHE: CACHE,
      PACKLINE_TOOL_SLOTS: String(SLOTS.length),
      PACKLINE_UID_BASE: '60700',
    },
  })
  const neighbour = await startNeighbour(line, canary, `neighbour-${mark}`)
  const home = join(homedir(), `.packline-probe-${mark}`)
  const tenant = join(CACHE, `other-${mark}`)
  const files = {
    worker: join(line.folder, 'canary.txt'),
    home,
    cache: join(tenant, '60700/npm/canary.txt'),
    neighbour: neighbour.file,
  }
  const inCache = `canary-${mark}.txt`
  const shared = SLOTS.map((slot) => join(CACHE, 'one', slot, inCache))
  for (const file of [files.worker, files.home, files.cache, ...shared]) {
    await mkdir(join(file, '..'), { recursive: true })
    await writeFile(file, canary, { mode: 0o644 })
  }
  const heard: string[] = []
  // Docker's own socket lies there too, and only root may make one.
  const socket = join(process.getuid?.() === 0 ? '/run' : tmpdir(), `packline-probe-${mark}.sock`)
  const abstractSocket = `packline-probe-${mark}`
  const listeners = await listenAll(heard, socket, abstractSocket)
  const outside = [line.redisUrl, line.storeUrl.replace(/^\w+:/, 'http:'), line.url]
  const servers = outside
    .map((url) => new URL(url))
    .map(({ hostname, port }) => `${hostname} ${port}`)
  return {
    line,
    canary,
    files,
    inCache,
    shared,
    worker: line.workers[0]?.pid ?? 0,
    neighbour: `neighbour-${mark}`,
    servers: [...servers, ...listeners.servers],
    socket,
    abstractSocket,
    heard,
    close: async () => {
      await neighbour.end()
      await listeners.close()
      await line.stop()
      await Promise.all(
        [tenant, home, ...shared].map((path) => rm(path, { recursive: true, force: true })),
      )
    },
  }
}

/** A build of another tenant that runs until it is ended, with a file of its own. */
async function startNeighbour(line: TestLine, canary: string, mark: string) {
  const other = packlineClient({ url: line.url, key: line.otherKey })
  const files = { 'canary.txt': canary, 'build.sh': 'while sleep 1; do :; done\n' }
  const { id } = await other.submit({
    function: 'neighbour',
    runtime: 'custom',
    handler: 'any',
    source: { kind: 'inline', files },
    build: { command: ['sh', 'build.sh', mark], timeoutSeconds: 1800 },
  })
  const scratch = join(line.folder, 'scratch')
  const isCanary = (path: string) => /\/source\/canary\.txt$/.test(path)
  let file = ''
  await until(async () => {
    const paths = await readdir(scratch, { recursive: true }).catch((): string[] => [])
    file = join(scratch, paths.find(isCanary) ?? '')
    return isCanary(file)
  })
  const end = async () => {
    await other.cancel(id)
    // So that its folder has gone before others look for what was left.
    await until(async () => !(await stat(file).catch(() => undefined)), 30_000)
  }
  return { file, end }
}

async function listenAll(heard: string[], socket: string, abstractSocket: string) {
  const answers = async (where: string, listen: (server: Server) => Server) => {
    const server = createServer((connection) => {
      heard.push(where)
      connection.on('error', () => undefined)
      connection.end('reached\n')
    })
    await once(listen(server), 'listening')
    return server
  }
  const everywhere = await answers('tcp', (server) => server.listen(0, '::'))
  const named = await answers('socket', (server) =>
    server.listen({ path: socket, writableAll: true }),
  )
  const unnamed = await answers('abstract', (server) => server.listen(`\0${abstractSocket}`))
  const address = everywhere.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const datagrams = createSocket('udp6', () => heard.push('udp'))
  await once(datagrams.bind(port, '::'), 'listening')
  const own = Object.values(networkInterfaces()).flatMap((all = []) => all)
  // An address of the link alone needs its interface named.
  const reachable = own.filter(({ address }) => !address.startsWith('fe80:'))
  return {
    servers: reachable.map(({ address }) => `${address} ${port}`),
    close: async () => {
      const servers = [everywhere, named, unnamed]
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
      datagrams.close()
    },
  }
}

/** Every canary as it was put there. */
export async function touched({ files, shared, canary }: Place): Promise<string[]> {
  const all = await Promise.all(
    [...Object.values(files), ...shared].map(async (file) => {
      const [text, { mode, nlink }] = await Promise.all([readFile(file, 'utf8'), stat(file)])
      return text === canary && (mode & 0o7777) === 0o644 && nlink === 1 ? [] : [file]
    }),
  )
  return all.flat()
}
