import { createHash } from 'node:crypto'
import { join } from 'node:path'
import process from 'node:process'
import { packlineClient } from '@packline/client'
import { freePort, type Service, startService } from '@packline/setup'
import { PacklineError, type WorkerView } from '@packline/shared'

/** The one tenant of what `npm start` starts. */
const TENANT = 'dev'
const PORT_PREFERRED = 8080
const PORTS_TRIED_MAX = 5
const READY_MS_MAX = 60_000
const STOP_SECONDS = 5
/** The worker hands back what it has and waits for what it killed: twice its own deadline. */
const GRACE_MS = 12_000

export interface LineOptions {
  root: string
  local: string
  key: string
  /** What secrets are kept with. */
  secretKey: string
  redisUrl: string
  storeUrl: string
  /** Where uploads and builds under way are. */
  scratch: string
  bwrap: string | undefined
  /** Mirrors, proxies and authorities of the tools, as JSON. */
  registries: string
  environment: NodeJS.ProcessEnv
  signal: AbortSignal
}

/** API and worker as processes of their own. */
export interface Line {
  url: string
  /** Worker and API, in the order in which they are to be stopped. */
  services: [Service, Service]
  /** What the worker says of itself. */
  view: WorkerView
}

/** Starts both and waits until they work; throws with the log's last line where one does not. */
export async function startLine(options: LineOptions): Promise<Line> {
  const { url, api } = await startApi(options)
  const client = packlineClient({ url, key: options.key })
  let view: WorkerView | undefined
  const isReady = async () => {
    const workers = await client.workers().catch(() => [])
    view = workers.find(({ id }) => id === workerName())
    return view !== undefined
  }
  try {
    const worker = await startProcess('worker', options, workerSettings(options), isReady)
    if (!view) throw new PacklineError('BUG', 'The worker is ready but says nothing of itself')
    return { url, services: [worker, api], view }
  } catch (error) {
    await api.stop()
    throw error
  }
}

/** Ports that others have are stepped over, also one that is taken just before we listen. */
async function startApi(options: LineOptions): Promise<{ url: string; api: Service }> {
  let preferred = portOf(options.environment)
  for (let tried = 1; ; tried++) {
    const port = await freePort(preferred)
    const url = `http://127.0.0.1:${port}`
    try {
      // Asked with our key: another clone's API may answer there while ours still starts.
      const isReady = () => answers(url, options.key)
      return { url, api: await startProcess('api', options, apiSettings(options, port), isReady) }
    } catch (error) {
      const isTaken = (await freePort(port)) !== port
      if (!isTaken || tried === PORTS_TRIED_MAX) throw error
      preferred = port + 1
    }
  }
}

/** What is no port is none of ours to judge: the usual one is tried. */
function portOf({ PACKLINE_PORT: asked = '' }: NodeJS.ProcessEnv): number {
  const port = /^\d{1,5}$/.test(asked) ? Number(asked) : 0
  return port > 0 && port < 65_536 ? port : PORT_PREFERRED
}

async function startProcess(
  name: 'api' | 'worker',
  { root, local, signal }: LineOptions,
  env: Record<string, string>,
  isReady: () => Promise<boolean>,
): Promise<Service> {
  const logFile = join(local, `${name}.log`)
  try {
    return await startService({
      name: `The ${name}`,
      argv: [process.execPath, join(root, 'services', name, 'src/main.ts')],
      cwd: root,
      env,
      logFile,
      isReady,
      readyMsMax: READY_MS_MAX,
      graceMs: GRACE_MS,
      signal,
    })
  } catch (cause) {
    signal.throwIfAborted()
    const found = cause instanceof Error ? cause.message : String(cause)
    const hint = found.includes(logFile) ? 'Start again.' : `${logFile} says more.`
    throw new PacklineError('BUG', found, { hint, cause })
  }
}

function apiSettings(options: LineOptions, port: number): Record<string, string> {
  return {
    ...settings(options),
    PACKLINE_HOST: '127.0.0.1',
    PACKLINE_PORT: String(port),
    PACKLINE_KEYS: `${TENANT}:${options.key}`,
    // Who starts this is all there is: one key for everything.
    PACKLINE_OPERATOR_KEY: options.key,
  }
}

function workerSettings(options: LineOptions): Record<string, string> {
  return {
    ...settings(options),
    PACKLINE_WORKER: workerName(),
    PACKLINE_CACHE: join(options.local, 'cache'),
    PACKLINE_REGISTRIES: options.registries,
    PACKLINE_STOP_SECONDS: String(STOP_SECONDS),
    PACKLINE_LOCAL_GIT: '1',
    // Who starts this builds own code.
    PACKLINE_UNSANDBOXED_TENANT: TENANT,
    ...(options.bwrap ? { PACKLINE_BWRAP: options.bwrap } : {}),
  }
}

function settings(options: LineOptions): Record<string, string> {
  const { root, environment } = options
  const kept = [
    'PATH',
    'HOME',
    'PYENV_ROOT',
    'LANG',
    'TZ',
    'XDG_CACHE_HOME',
    'NODE_EXTRA_CA_CERTS',
    'PACKLINE_OUTBOUND_ALLOW',
    'PACKLINE_OBJECT_STORES',
    'PACKLINE_PLAIN_HTTP_HOSTS',
    'PACKLINE_REGISTRY_HOSTS',
    'PACKLINE_BUILD_URL',
    'PACKLINE_MEMORY_MIB_MAX',
    'PACKLINE_PROCESSES_MAX',
    'PACKLINE_PROCESSORS_MAX',
    'PACKLINE_OPEN_FILES_MAX',
    'PACKLINE_DISK_MIB_MAX',
    'PACKLINE_FILES_MAX',
    'PACKLINE_TMP_MIB_MAX',
    'PACKLINE_OUTPUT_MIB_MAX',
  ]
  const inherited = kept.flatMap((name) => (environment[name] ? [[name, environment[name]]] : []))
  return {
    ...Object.fromEntries(inherited),
    PACKLINE_REDIS_URL: options.redisUrl,
    PACKLINE_STORE_URL: options.storeUrl,
    PACKLINE_SECRET_KEY: options.secretKey,
    PACKLINE_SCRATCH: options.scratch,
    PACKLINE_PREFIX: environment.PACKLINE_PREFIX ?? prefixOf(root, environment),
  }
}

/** In a Redis that was given, another clone's workers must not take our builds, nor ours theirs. */
function prefixOf(root: string, environment: NodeJS.ProcessEnv): string {
  if (!environment.PACKLINE_REDIS_URL) return '{packline}'
  return `{packline-${createHash('sha256').update(root).digest('hex').slice(0, 8)}}`
}

function workerName(): string {
  return `start-${process.pid}`
}

function answers(url: string, key: string): Promise<boolean> {
  return packlineClient({ url, key })
    .workers()
    .then(
      () => true,
      () => false,
    )
}
