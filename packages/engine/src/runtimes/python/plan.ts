import { readFile } from 'node:fs/promises'
import type { PacklineError } from '@packline/shared'
import { BUILD } from '../../package.ts'
import { withoutPipIn } from '../../texts/failures/python.ts'
import { noTool } from '../../tools/missing.ts'
import type { Python, Tool } from '../../tools/tools.ts'
import type { Tree } from '../../tree.ts'
import type { Order, Stage } from '../runtime.ts'
import { fromHome, type InstallJob, JOB, LIST, SOURCE_VARIABLE } from './install-job.ts'
import { isPython3, minorOf, sameMinor } from './interpreters.ts'
import { readDeclared } from './manifest.ts'
import { installList } from './manifests/install-list.ts'
import { type MarkerEnvironment, markerEnvironment } from './manifests/marker.ts'
import { pipPlatforms, uvPlatform, type WheelTarget, wheelTarget } from './wheels.ts'

/** The handler's file; `bootstrap` for HTTP functions. */
export function entries({ request, handler }: Order): readonly string[] {
  if (request.type === 'http') return ['bootstrap']
  return handler?.form === 'file.function' ? [`${handler.file}.py`] : []
}

/**
 * Installs what is declared into the output for the platform's Python, architecture and glibc,
 * whatever Python the worker has: wheels first, and a wheel that is built where the registry has
 * none. Nothing where nothing is declared.
 */
export async function plan(tree: Tree, order: Order): Promise<readonly Stage[]> {
  const { version, architecture } = order.request
  const environment = markerEnvironment(version, architecture)
  const declared = await readDeclared(tree, environment)
  if (!declared || declared.lines.length === 0) return []
  const list = installList(declared)
  const wanted: Wanted = {
    because: declared.path,
    environment,
    files: {
      [LIST]: list.text,
      ...(list.constraints === '' ? {} : { [CONSTRAINTS]: list.constraints }),
    },
    hashed: list.hashed,
    builds: declared.lines.some(({ local }) => local === 'source'),
    flags: [
      ...['--requirement', fromHome(LIST)],
      ...(list.constraints === '' ? [] : ['--constraint', fromHome(CONSTRAINTS)]),
      ...(list.hashed ? ['--require-hashes'] : []),
      ...(declared.locked ? ['--no-deps'] : []),
    ],
  }
  const attempts = await Promise.all(
    targetsOf(order).map((target) => byTool(order, target, wanted)),
  )
  return [await installStage(order, attempts, wanted)]
}

const CONSTRAINTS = `${BUILD.home}/constraints.txt`
const OUTPUT = fromHome(BUILD.output)
/** What most projects build their wheels for since 2025; uv too takes it for Linux's usual one. */
const USUAL_GLIBC = '2.28'

interface Wanted {
  /** The file that asks. */
  because: string
  environment: MarkerEnvironment
  files: Readonly<Record<string, string>>
  hashed: boolean
  /** Whether something of the source itself is to be built. */
  builds: boolean
  /** What uv and pip are told alike. */
  flags: readonly string[]
}

/** Where the profile only guesses the platform's glibc a newer wheel is a warning, as a file is. */
function targetsOf({ request, profile }: Order): WheelTarget[] {
  const { version, architecture } = request
  const target = wheelTarget(version, architecture, profile.glibc.version)
  const newer = wheelTarget(version, architecture, USUAL_GLIBC)
  const isHeld = profile.glibc.level === 'error' || newer.glibcMinor <= target.glibcMinor
  return isHeld ? [target] : [target, newer]
}

/** One command that installs, and what it needs. */
interface Attempt {
  name: string
  argv: readonly string[]
  files?: Readonly<Record<string, string>>
  tools: readonly Tool[]
  because: string
  target: WheelTarget
}

async function byTool(order: Order, target: WheelTarget, wanted: Wanted): Promise<Attempt> {
  return withUv(order, target, wanted) ?? (await withPip(order, target, wanted))
}

/** The whole environment but for the registries; a home of the build's own holds no settings. */
const ENVIRONMENT = {
  HOME: BUILD.home,
  [SOURCE_VARIABLE]: BUILD.source,
  PATH: '/usr/bin:/bin',
  LC_ALL: 'C.UTF-8',
  PYTHONUTF8: '1',
  // Unpacked wheels are larger than the sandbox's /tmp, which is memory.
  TMPDIR: BUILD.home,
  UV_CACHE_DIR: `${BUILD.cache}/uv`,
  UV_PYTHON_DOWNLOADS: 'never',
  // Not by a uv.toml or pyproject.toml either: these may name another cache, or have it build.
  UV_NO_CONFIG: '1',
  PIP_CACHE_DIR: `${BUILD.cache}/pip`,
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_ROOT_USER_ACTION: 'ignore',
}

/**
 * uv resolves for the platform's Python, environment markers included; it needs any Python. Not for
 * 2.7: it takes wheels for narrow Unicode (cp27m), and Linux distributions built it wide (cp27mu).
 */
function withUv({ tools }: Order, target: WheelTarget, wanted: Wanted): Attempt | undefined {
  const platform = uvPlatform(target)
  const python = tools.pythons.find(isPython3)
  if (!tools.uv || !python || platform === undefined || target.python === '2.7') return undefined
  const fit = ['--python-version', target.python, '--python-platform', platform]
  const flags = ['--only-binary', ':all:', '--link-mode', 'copy', '--no-progress']
  const command = ['pip', 'install', '--color', 'never', '--python', python.path]
  return {
    name: 'uv pip install',
    argv: [tools.uv.path, ...command, ...['--target', OUTPUT, ...fit, ...flags, ...wanted.flags]],
    tools: [tools.uv, python],
    because: 'uv is on this worker',
    target,
  }
}

/**
 * Where the tenant's cache is: a wheel may name a repository of the source, which uv has git fetch
 * before it says that it does not build; an older git runs what such a repository's settings name.
 */
const WHEELS_ONLY = { GIT_ALLOW_PROTOCOL: 'https' }

const INSTALL = 'install.py'

/**
 * Tries one command after the other. Where all lack a wheel of something it is built, by its own
 * code: so that one has a cache of the build's own, and the tenant's holds wheels of registries.
 */
async function installStage(
  order: Order,
  attempts: readonly Attempt[],
  wanted: Wanted,
): Promise<Stage> {
  const building = await jobStage(order, attempts, wanted, true)
  if (wanted.builds) return building
  return { ...(await jobStage(order, attempts, wanted, false)), otherwise: building }
}

/** One run of install.py. */
async function jobStage(
  { tools, request }: Order,
  attempts: readonly Attempt[],
  { because, files, hashed }: Wanted,
  builds: boolean,
): Promise<Stage> {
  const last = attempts.at(-1)
  const runner = tools.pythons.find(isPython3)
  const builder = sameMinor(tools.pythons, request.version) ?? runner
  if (!last || !runner || !builder) throw withoutPip(tools.pythons)
  const job: InstallJob = {
    attempts: attempts.map(({ argv }) => argv),
    builds,
    hashed,
    python: request.version,
    architecture: request.architecture,
    glibc: attempts.map(({ target }) => target.glibcMinor),
    builder: {
      path: builder.path,
      version: minorOf(builder.version),
      same: minorOf(builder.version) === minorOf(request.version),
    },
    uv: tools.uv?.path ?? null,
  }
  const used = [...last.tools, runner, builder, ...(tools.cc ? [tools.cc] : [])]
  return {
    name: last.name,
    argv: [runner.path, '-I', `${BUILD.home}/${INSTALL}`],
    env: builds ? ENVIRONMENT : { ...ENVIRONMENT, ...WHEELS_ONLY },
    files: {
      ...files,
      ...last.files,
      [`${BUILD.home}/${INSTALL}`]: await scriptText(INSTALL),
      [JOB]: JSON.stringify(job),
    },
    network: 'registries',
    cache: builds ? 'build' : 'tenant',
    tools: [...new Set(used)],
    because: `${because}; ${last.because}`,
    failure: 'INSTALL_FAILED',
  }
}

function scriptText(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), 'utf8')
}

const PIP = 'pip-for-target.py'

/** pip takes wheels for another Python, too; our script gives it the markers of the function's. */
async function withPip({ tools }: Order, target: WheelTarget, wanted: Wanted): Promise<Attempt> {
  const able = tools.pythons.filter((python) => python.hasPip && isPython3(python))
  const same = sameMinor(able, target.python)
  const python = same ?? able[0]
  if (!python) throw withoutPip(tools.pythons)
  const platforms = pipPlatforms(target).flatMap((platform) => ['--platform', platform])
  const fit = ['--python-version', target.python, '--implementation', 'cp', '--abi', target.abi]
  const flags = ['--only-binary=:all:', '--no-compile', '--progress-bar=off', '--no-input']
  return {
    name: 'pip install',
    argv: [
      // -I: the source's own modules never take the place of those that pip itself imports.
      ...[python.path, '-I', PIP, 'install', '--target', OUTPUT],
      ...[...fit, ...platforms, ...flags, ...wanted.flags],
    ],
    files: {
      [`${BUILD.home}/${PIP}`]: await scriptText(PIP),
      [`${BUILD.home}/markers.json`]: JSON.stringify(wanted.environment),
    },
    tools: [python],
    because: same
      ? `there is no uv here; pip of Python ${target.python}`
      : `there is neither uv nor Python ${target.python} with pip here`,
    target,
  }
}

function withoutPip(pythons: readonly Python[]): PacklineError {
  const [python] = pythons
  return python ? noTool('pip', { detail: withoutPipIn(python.version) }) : noTool('python')
}
