import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  type BuildOutcome,
  buildPackage,
  type Engine,
  findIsolation,
  findTools,
  registryAccess,
} from '@packline/engine'
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
    registries: await registryAccess(registries),
    allowLocalGit: true,
    plainHttpHosts: ['127.0.0.1'],
    ...settings,
  }
  return {
    ...engine,
    folder,
    build: (request, options = {}) => {
      const { tools = engine.tools, profile = engine.profile } = options
      return build({ ...engine, tools, profile }, folder, request, options)
    },
    close: async () => {
      const left = await readdir(engine.scratchFolder).catch(() => [])
      await rm(folder, { recursive: true, force: true })
      if (left.length > 0) throw new Error(`left in the scratch folder: ${left.join(', ')}`)
    },
  }
}

async function build(
  engine: Engine,
  folder: string,
  input: TestRequest,
  options: BuildSettings,
): Promise<TestBuild> {
  const dependencies = options.dependencies?.map(({ pin }) => pin)
  const request = { ...resolved(input, engine), ...(dependencies && { dependencies }) }
  const told: Omit<TestBuild, 'outcome' | 'path' | 'splitPath'> = { events: [], log: [], pins: [] }
  const outcome = await buildPackage(request, {
    ...engine,
    tenant: 'test',
    signal: options.signal ?? AbortSignal.timeout(10 * 60_000),
    pinned: options.pinned,
    reporter: {
      event: (body) => told.events.push(body),
      log: (line) => told.log.push(line),
      pin: async (pin) => {
        told.pins.push(pin)
      },
    },
    openUpload: async (upload) => {
      const bytes = options.uploads?.[upload]
      return bytes && { size: bytes.length, stream: Readable.from([bytes]) }
    },
    openDependency: async ({ sha256 }) => {
      const bytes = options.dependencies?.find((one) => one.pin.sha256 === sha256)?.bytes
      return bytes && { size: bytes.length, stream: Readable.from([bytes]) }
    },
    keyOfPackage: ({ sha256 }, format, made) => STORE_KEYS.made('test', made, sha256, format),
  })
  if (outcome.status === 'failed') return { ...told, outcome }
  const placeOf = ({ key }: StoredPackage) => join(folder, 'store', key)
  const { package: stored, split } = outcome
  return { ...told, outcome, path: placeOf(stored), splitPath: split && placeOf(split.package) }
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
