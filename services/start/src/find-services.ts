import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  findMinio,
  findOnPath,
  findRedis,
  findSandboxTool,
  presentRedis,
  presentSandboxTool,
  type RedisFound,
} from '@packline/setup'
import { PacklineError } from '@packline/shared'
import { withSignsOfLife } from './signs-of-life.ts'

export interface FindOptions {
  /** The clone's `.local`. */
  local: string
  environment: NodeJS.ProcessEnv
  /** Gets one line for the user. */
  say: (text: string) => void
  signal: AbortSignal
}

/** Redis by the URL given, which then has to answer; else one of this machine or unpacked. */
export async function findRecords({ local, environment, say, signal }: FindOptions) {
  const url = environment.PACKLINE_REDIS_URL
  const debianFolder = join(local, 'debian')
  const found: Promise<RedisFound> = findRedis({
    url,
    order: url ? ['url'] : ['path', 'unpack', 'container'],
    folder: join(local, 'redis'),
    debianFolder,
    environment,
    note: () => undefined,
    signal,
  })
  const isThere = presentRedis(environment, debianFolder) !== undefined
  if (url || isThere || !findOnPath(environment, 'apt-get')) return found
  say("Redis    none here: unpacking the distribution's package into .local (once)")
  return withSignsOfLife(found, (seconds) => say(`Redis    still unpacking, ${seconds} s`))
}

/** A store that packages are kept in; `exited` where it is a process of ours. */
export interface StoreFound {
  url: string
  /** For people: `MinIO (cached)`. */
  how: string
  exited?: Promise<unknown>
  stop(): Promise<void>
}

/** MinIO, or a folder where none is to be had at once and nobody asked for one. */
export async function findStore(
  options: FindOptions & { buildMinio: boolean },
): Promise<StoreFound> {
  const { local, environment, buildMinio, say, signal } = options
  const given = environment.PACKLINE_STORE_URL
  const stop = async () => undefined
  // "MinIO ended at once": one that is here and does not start is worth a line, a missing one not.
  const isTelling = (line: string) => buildMinio || /: (cached|on PATH): MinIO /.test(line)
  if (given?.startsWith('file:')) return { url: given, how: 'a folder given by URL', stop }
  try {
    const found = await findMinio({
      url: given,
      order: given ? ['url'] : ['cached', 'path', 'container', ...buildOf(buildMinio)],
      folder: join(local, 'minio'),
      environment,
      note: (line) => isTelling(line) && say(`store    ${line}`),
      signal,
    })
    return { ...found, how: `MinIO (${found.how})` }
  } catch (error) {
    if (given || buildMinio || !(error instanceof PacklineError)) throw error
    const how = 'a folder, .local/store (for a real MinIO, built once: npm start -- --minio)'
    return { url: pathToFileURL(join(local, 'store')).href, how, stop }
  }
}

function buildOf(isWanted: boolean): 'build'[] {
  return isWanted ? ['build'] : []
}

export interface SandboxFound {
  /**
   * A bubblewrap for the worker to try: its own trial decides, and says why where there is none.
   * Undefined where the worker has to look for itself.
   */
  bwrap: string | undefined
  /** False where builds may have to do without. */
  isProven: boolean
}

/** Finds bubblewrap, and unpacks it where it is not there. */
export async function findSandbox(options: FindOptions): Promise<SandboxFound> {
  const { local, environment, signal } = options
  const debianFolder = join(local, 'debian')
  try {
    const found = await findSandboxTool({ environment, debianFolder, note: () => {}, signal })
    return { bwrap: found.program, isProven: true }
  } catch (error) {
    if (!(error instanceof PacklineError)) throw error
    // It asks for the strictest form of all; the worker knows others, as in a container.
    return { bwrap: presentSandboxTool(environment, debianFolder), isProven: false }
  }
}
