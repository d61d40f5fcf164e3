import { join } from 'node:path'
import process from 'node:process'
import { freePort, type Service, startService } from '@packline/setup'
import { request } from 'undici'

const PORT_PREFERRED = 8080
const READY_MS_MAX = 30_000
/** The worker hands back what it has within its own deadline; this is a little more. */
const GRACE_MS = 12_000

export interface LineOptions {
  root: string
  local: string
  key: string
  redisUrl: string
  storeUrl: string
  bwrap: string | undefined
  registries: string
  environment: NodeJS.ProcessEnv
  signal: AbortSignal
}

/** API and worker as processes of their own. */
export interface Line {
  url: string
  services: Service[]
}

export async function startLine(options: LineOptions): Promise<Line> {
  const port = await freePort(PORT_PREFERRED)
  const url = `http://127.0.0.1:${port}`
  const environment = settings(options, port)
  const api = await startProcess('api', options, environment, () => answers(`${url}/healthz`))
  const ready = async () => ((await workersOf(url, options.key)) ?? []).length > 0
  const worker = await startProcess('worker', options, environment, ready).catch(async (error) => {
    await api.stop()
    throw error
  })
  return { url, services: [worker, api] }
}

function startProcess(
  name: 'api' | 'worker',
  { root, local, signal }: LineOptions,
  env: Record<string, string>,
  isReady: () => Promise<boolean>,
): Promise<Service> {
  return startService({
    name,
    argv: [process.execPath, join(root, 'services', name, 'src/main.ts')],
    cwd: root,
    env,
    logFile: join(local, `${name}.log`),
    isReady,
    readyMsMax: READY_MS_MAX,
    graceMs: GRACE_MS,
    signal,
  })
}

function settings(options: LineOptions, port: number): Record<string, string> {
  const { local, environment } = options
  const kept = ['PATH', 'HOME', 'PYENV_ROOT', 'LANG', 'TZ', 'XDG_CACHE_HOME', 'NODE_EXTRA_CA_CERTS']
  const inherited = kept.flatMap((name) => (environment[name] ? [[name, environment[name]]] : []))
  return {
    ...Object.fromEntries(inherited),
    PACKLINE_REDIS_URL: options.redisUrl,
    PACKLINE_STORE_URL: options.storeUrl,
    PACKLINE_HOST: '127.0.0.1',
    PACKLINE_PORT: String(port),
    PACKLINE_KEYS: `dev:${options.key}`,
    PACKLINE_SCRATCH: join(local, 'scratch'),
    PACKLINE_CACHE: join(local, 'cache'),
    PACKLINE_REGISTRIES: options.registries,
    PACKLINE_STOP_SECONDS: '5',
    // The development tenant builds its owner's code, so a machine without a sandbox will do.
    PACKLINE_UNSANDBOXED: options.bwrap ? '0' : '1',
    PACKLINE_LOCAL_GIT: '1',
    ...(options.bwrap ? { PACKLINE_BWRAP: options.bwrap } : {}),
  }
}

async function answers(url: string): Promise<boolean> {
  const answer = await request(url).catch(() => undefined)
  await answer?.body.dump()
  return answer?.statusCode === 200
}

async function workersOf(url: string, key: string): Promise<unknown[] | undefined> {
  const headers = { authorization: `Bearer ${key}` }
  const answer = await request(`${url}/v1/workers`, { headers }).catch(() => undefined)
  const body = (await answer?.body.json().catch(() => undefined)) as
    | { items?: unknown[] }
    | undefined
  return body?.items
}
