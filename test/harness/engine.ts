import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  type BuildContext,
  type BuildOutcome,
  buildPackage,
  type CheckOutcome,
  checkPackage,
  type Engine,
  findIsolation,
  findTools,
  registryAccess,
} from '@packline/engine'
import { makeOutbound } from '@packline/outbound'
import { loadProfile } from '@packline/profiles'
import {
  type BuildEventBody,
  type BuildRequest,
  type BuildRequestInput,
  buildRequestSchema,
  type DependencyPin,
  type DependencyRequestInput,
  dependencyRequestSchema,
  type FolderSource,
  resolveDependencyRequest,
  resolveRequest,
  type SourcePin,
  STORE_KEYS,
  type StoredPackage,
} from '@packline/shared'
import { folderStore } from '@packline/stores'

/** A whole engine on this machine's own tools, with a store in a folder of its own. */
export interface TestEngine extends Engine {
  folder: string
  /** Builds without any service; `upload`: an archive that the request's source names. */
  build(request: TestRequest, options?: BuildSettings): Promise<TestBuild>
  /** Looks at a finished package that lies here, as `packline check` does. */
  check(path: string, request: TestRequest, options?: BuildSettings): Promise<CheckOutcome>
  /** Removes the folder; throws where a build has left something in its scratch. */
  close(): Promise<void>
}

/** A request of the API, also for a dependency package, or one of the command line for a folder. */
export type TestRequest = (
  | Omit<BuildRequestInput, 'source'>
  | Omit<DependencyRequestInput, 'source'>
) & {
  source: BuildRequestInput['source'] | FolderSource
}

export interface BuildSettings {
  uploads?: Record<string, Buffer>
  /** Dependency packages that the function attaches. */
  dependencies?: readonly TestDependency[]
  signal?: AbortSignal
  /** What an earlier attempt pinned. */
  pinned?: SourcePin
  /** In place of the engine's own, for this build. */
  tools?: Engine['tools']
  profile?: Engine['profile']
  objectStores?: Engine['objectStores']
  tenant?: string
  /** What the tenant keeps for servers and stores; none. */
  openCredential?: BuildContext['openCredential']
}

/** A dependency package as a store would give it. */
export interface TestDependency {
  pin: DependencyPin
  bytes: Buffer
}

export interface TestBuild {
  outcome: BuildOutcome
  events: BuildEventBody[]
  log: string[]
  pins: SourcePin[]
  /** The finished package on disk, where there is one, and what was split off. */
  path?: string
  splitPath?: string
}

/** Tool downloads are shared between test runs, as a worker's are between builds. */
const CACHE = join(import.meta.dirname, '../../.local/test-cache')

const MIRRORS_BYTES_MAX = 64 * 1024 * 1024

/** `settings` stand in for what this machine has, such as another profile or fewer tools. */
export async function testEngine(settings: Partial<Engine> = {}): Promise<TestEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'packline-engine-'))
  const { env } = process
  const registries = JSON.parse(env.PACKLINE_REGISTRIES ?? '{}')
  const search = { path: env.PATH ?? '', home: homedir() }
  const store = folderStore({ folder: join(folder, 'store') })
  await store.prepare()
  const engine: Engine = {
    profile: await loadProfile('ctyun-functiongraph'),
    tools: await findTools(search),
    isolation: await findIsolation({ bwrap: env.PACKLINE_TEST_BWRAP }),
    store,
    scratchFolder: join(folder, 'scratch'),
    cacheFolder: CACHE,
    mirrorsBytesMax: MIRRORS_BYTES_MAX,
    registries: await registryAccess(registries),
    allowLocalGit: true,
    outbound: makeOutbound({ allow: ['127.0.0.1'] }),
    objectStores: [],
    plainHttpHosts: ['127.0.0.1'],
    ...settings,
  }
  return {
    ...engine,
    folder,
    build: (request, options = {}) => build(within(engine, options), folder, request, options),
    check: (path, request, options = {}) => check(path, within(engine, options), request, options),
    close: async () => {
      const left = await readdir(engine.scratchFolder).catch(() => [])
      await rm(folder, { recursive: true, force: true })
      if (left.length > 0) throw new Error(`left in the scratch folder: ${left.join(', ')}`)
    },
  }
}

function within(engine: Engine, options: BuildSettings): Engine {
  const { tools, profile, objectStores } = engine
  return {
    ...engine,
    tools: options.tools ?? tools,
    profile: options.profile ?? profile,
    objectStores: options.objectStores ?? objectStores,
  }
}

async function build(
  engine: Engine,
  folder: string,
  input: TestRequest,
  options: BuildSettings,
): Promise<TestBuild> {
  const told: Told = { events: [], log: [], pins: [] }
  const request = requestOf(input, engine, options)
  const outcome = await buildPackage(request, contextOf(engine, options, told))
  if (outcome.status === 'failed') return { ...told, outcome }
  const placeOf = ({ key }: StoredPackage) => join(folder, 'store', key)
  const { package: stored, split } = outcome
  return { ...told, outcome, path: placeOf(stored), splitPath: split && placeOf(split.package) }
}

async function check(
  path: string,
  engine: Engine,
  input: TestRequest,
  options: BuildSettings,
): Promise<CheckOutcome> {
  const bytes = await readFile(path)
  const digest = { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
  const context = contextOf(engine, options, { events: [], log: [], pins: [] })
  return checkPackage({ path }, digest, requestOf(input, engine, options), context)
}

type Told = Pick<TestBuild, 'events' | 'log' | 'pins'>

function contextOf(engine: Engine, options: BuildSettings, told: Told): BuildContext {
  const opened = async (bytes: Buffer | undefined) =>
    bytes && { size: bytes.length, stream: Readable.from([bytes]) }
  return {
    ...engine,
    tenant: options.tenant ?? 'test',
    signal: options.signal ?? AbortSignal.timeout(10 * 60_000),
    pinned: options.pinned,
    reporter: {
      event: (body) => told.events.push(body),
      log: (line) => told.log.push(line),
      pin: async (pin) => {
        told.pins.push(pin)
      },
    },
    openCredential: options.openCredential ?? (async () => undefined),
    openUpload: (upload) => opened(options.uploads?.[upload]),
    openDraft: (sha256) => opened(options.uploads?.[sha256]),
    openDependency: ({ sha256 }) =>
      opened(options.dependencies?.find(({ pin }) => pin.sha256 === sha256)?.bytes),
    keyOfPackage: ({ sha256 }, format, made) => STORE_KEYS.made('test', made, sha256, format),
  }
}

function requestOf(input: TestRequest, engine: Engine, options: BuildSettings): BuildRequest {
  const dependencies = options.dependencies?.map(({ pin }) => pin)
  return { ...resolved(input, engine), ...(dependencies && { dependencies }) }
}

function resolved({ source, ...rest }: TestRequest, { profile }: Engine): BuildRequest {
  const anySource = { kind: 'inline', files: { 'file.txt': '' } }
  const whole = { ...rest, source: source.kind === 'folder' ? anySource : source }
  const request =
    'name' in rest
      ? resolveDependencyRequest(dependencyRequestSchema.parse(whole), profile)
      : resolveRequest(buildRequestSchema.parse(whole), profile)
  return source.kind === 'folder' ? { ...request, source } : request
}
