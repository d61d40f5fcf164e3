import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import path from 'node:path'
import { type Environment, toolEnvironment } from './environment.ts'
import { findOnPath } from './find-on-path.ts'
import { withFolderLock } from './folder-lock.mjs'
import { runCommand } from './process/command.ts'
import { userCache } from './user-cache.ts'

/**
 * The one MinIO that we build, test with and ship: the last of the community server, which is no
 * longer published as a program or an image. deploy/minio.Dockerfile names it too: a test compares.
 */
export const MINIO_VERSION = 'v0.0.0-20260212201848-7aac2a2c5b7c'

const GIB = 1024 ** 3
const DISK_BYTES_MIN = 6 * GIB
const MEMORY_BYTES_MIN = 3 * GIB
const GO_MIN = [1, 24] as const
/** A machine that does much else takes many times as long as a quiet one. */
const BUILD_MS_MAX = 60 * 60_000
const SIGN_OF_LIFE_MS = 10_000
const BUILDING = '.building-'

export interface BuildOptions {
  environment: Environment
  note: (line: string) => void
  signal?: AbortSignal
  /** Free bytes of the folder's disk and of memory, of this machine unless told else. */
  machine?: (folder: string) => Promise<Room>
  signOfLifeMs?: number
}

interface Room {
  disk: number
  memory: number
}

/** Where the built program stands, or will. */
export function cachedMinio(environment: Environment): string {
  return path.join(userCache(environment), 'minio', MINIO_VERSION, 'minio')
}

/**
 * Builds MinIO from its source into the user's cache folder, once: 2 to 4 minutes on two cores.
 * Looks first whether Go, disk and memory will do; builds beside the place and renames at the end.
 */
export async function buildMinio(options: BuildOptions): Promise<string> {
  const target = cachedMinio(options.environment)
  const folder = path.dirname(path.dirname(target))
  await mkdir(folder, { recursive: true })
  return withFolderLock(
    path.join(folder, 'lock'),
    async () => {
      // Another clone may have built it while this one waited.
      if (existsSync(target)) return target
      const go = await checkMachine(folder, options)
      await removeKilled(folder)
      await build(go, target, options)
      return target
    },
    { signal: options.signal, waitMsMax: BUILD_MS_MAX },
  )
}

async function checkMachine(
  folder: string,
  { environment, machine = roomOf }: BuildOptions,
): Promise<string> {
  const go = findOnPath(environment, 'go')
  if (!go) throw new Error('no Go here to build it with (Go 1.24 or newer)')
  const env = toolEnvironment(environment)
  const text = await runCommand([go, 'version'], { env, timeoutMs: 10_000 })
  const [, major, minor] = /go(\d+)\.(\d+)/.exec(text)?.map(Number) ?? []
  if (major !== GO_MIN[0] || (minor ?? 0) < GO_MIN[1]) {
    throw new Error(`it needs Go ${GO_MIN.join('.')} or newer, found ${text.trim()}`)
  }
  const { disk, memory } = await machine(folder)
  requireBytes('disk', disk, DISK_BYTES_MIN)
  requireBytes('memory', memory, MEMORY_BYTES_MIN)
  return go
}

async function roomOf(folder: string): Promise<Room> {
  const { bavail, bsize } = await statfs(folder)
  return { disk: bavail * bsize, memory: await availableMemory() }
}

function requireBytes(what: string, found: number, needed: number): void {
  if (found >= needed) return
  const show = (bytes: number) => `${(bytes / GIB).toFixed(1)} GiB`
  throw new Error(`building it needs ${show(needed)} of free ${what}, found ${show(found)}`)
}

/** What the kernel would give without swapping; macOS tells only what is built in. */
async function availableMemory(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '')
  const kibibytes = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1]
  return kibibytes ? Number(kibibytes) * 1024 : totalmem()
}

/** Who holds the lock builds alone: what stands half built is of one that was killed. */
async function removeKilled(folder: string): Promise<void> {
  const half = (await readdir(folder)).filter((name) => name.includes(BUILDING))
  await Promise.all(half.map((name) => rm(path.join(folder, name), { recursive: true })))
}

async function build(go: string, target: string, options: BuildOptions): Promise<void> {
  const place = path.dirname(target)
  const temporary = await mkdtemp(`${place}${BUILDING}`)
  const started = Date.now()
  const alive = setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000)
    options.note(`MinIO: building, ${seconds} s (2 to 4 minutes on two cores, once per user)`)
  }, options.signOfLifeMs ?? SIGN_OF_LIFE_MS)
  try {
    options.note(`MinIO: building ${MINIO_VERSION} with ${go}`)
    await runCommand([go, 'install', '-trimpath', `github.com/minio/minio@${MINIO_VERSION}`], {
      cwd: temporary,
      // Without cgo the program is static: it runs on any Linux and in any image.
      env: { ...toolEnvironment(options.environment), GOBIN: temporary, CGO_ENABLED: '0' },
      timeoutMs: BUILD_MS_MAX,
      signal: options.signal,
    })
    await rename(temporary, place)
  } finally {
    clearInterval(alive)
    await rm(temporary, { recursive: true, force: true })
  }
}
