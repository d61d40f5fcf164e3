import { PacklineError } from '@packline/shared'
import { BUILD } from '../../package.ts'
import { missing, type Python } from '../../tools/tools.ts'
import type { Tree } from '../../tree.ts'
import type { Order, Stage } from '../runtime.ts'
import { minorOf, sameMinor } from './interpreters.ts'
import { readDeclared } from './manifest.ts'
import { pipPlatforms, uvPlatform, type WheelTarget, wheelTarget } from './wheels.ts'

/** The handler's file; `bootstrap` for HTTP functions. */
export function entries({ request, handler }: Order): readonly string[] {
  if (request.type === 'http') return ['bootstrap']
  return handler?.form === 'file.function' ? [`${handler.file}.py`] : []
}

/**
 * Installs what is declared into the output, as wheels for the platform's Python and glibc,
 * whatever Python the worker has; nothing where nothing is declared. Wheels alone: a source
 * distribution runs its author's code to be built, and fits no other platform than this worker.
 */
export async function plan(tree: Tree, order: Order): Promise<readonly Stage[]> {
  const declared = await readDeclared(tree)
  if (!declared) return []
  const { request, profile } = order
  const { version, architecture } = request
  const target = wheelTarget(version, architecture, profile.glibc.version)
  const newer = wheelTarget(version, architecture, USUAL_GLIBC)
  const rewritten = `${BUILD.home}/requirements.txt`
  const list = declared.rewritten === undefined ? declared.path : rewritten
  const files = declared.rewritten === undefined ? {} : { [rewritten]: declared.rewritten }
  const stageFor = (fit: WheelTarget): Stage => ({
    ...(withUv(order, fit, list) ?? withPip(order, fit, list)),
    files,
  })
  const stage = stageFor(target)
  // Where the profile only guesses the platform's glibc a newer wheel is a warning, as a file is.
  if (profile.glibc.level === 'error' || newer.glibcMinor <= target.glibcMinor) return [stage]
  return [{ ...stage, otherwise: stageFor(newer) }]
}

/** What most projects build their wheels for since 2025; uv too takes it for Linux's usual one. */
const USUAL_GLIBC = '2.28'

/** The whole environment but for the registries; a home of the build's own holds no settings. */
const ENVIRONMENT = {
  HOME: BUILD.home,
  PATH: '/usr/bin:/bin',
  LC_ALL: 'C.UTF-8',
  PYTHONUTF8: '1',
  // Unpacked wheels are larger than the sandbox's /tmp, which is memory.
  TMPDIR: BUILD.home,
}

/** uv resolves for the platform's Python, environment markers included; it needs any Python. */
function withUv({ tools }: Order, target: WheelTarget, list: string): Stage | undefined {
  const platform = uvPlatform(target)
  const [python] = tools.pythons
  if (!tools.uv || !python || platform === undefined) return undefined
  const fit = ['--python-version', target.python, '--python-platform', platform]
  const flags = ['--only-binary', ':all:', '--link-mode', 'copy', '--no-progress']
  const command = ['pip', 'install', '--color', 'never', '--python', python.path]
  return {
    name: 'uv pip install',
    argv: [
      tools.uv.path,
      ...command,
      ...['--target', BUILD.output, ...fit, ...flags, '--requirements', list],
    ],
    env: { ...ENVIRONMENT, UV_CACHE_DIR: `${BUILD.cache}/uv`, UV_PYTHON_DOWNLOADS: 'never' },
    network: 'registries',
    tools: [tools.uv, python],
    because: 'uv is on this worker',
    failure: 'INSTALL_FAILED',
  }
}

/**
 * pip takes wheels for another Python too, but reads environment markers for the one it runs on.
 */
function withPip({ tools }: Order, target: WheelTarget, list: string): Stage {
  const able = tools.pythons.filter((python) => python.hasPip && takesSeveralPlatforms(python))
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
      ...[python.path, '-I', '-m', 'pip', 'install', '--target', BUILD.output],
      ...[...fit, ...platforms, ...flags, '--requirement', list],
    ],
    env: {
      ...ENVIRONMENT,
      PIP_CACHE_DIR: `${BUILD.cache}/pip`,
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
      PIP_ROOT_USER_ACTION: 'ignore',
    },
    network: 'registries',
    tools: [python],
    because: same
      ? `there is no uv here; pip of Python ${minorOf(python.version)}`
      : `there is neither uv nor Python ${target.python} with pip here`,
    failure: 'INSTALL_FAILED',
  }
}

/** The pip of 2.7 and 3.6 reads one --platform only, and then misses most wheels. */
function takesSeveralPlatforms({ version }: Python): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major === 3 && minor >= 7
}

function withoutPip(pythons: readonly Python[]): PacklineError {
  const [python] = pythons
  const { what, mend } = missing(python ? 'pip' : 'python')
  const found = python ? `: Python ${python.version} is, but without pip` : ''
  return new PacklineError('TOOL_MISSING', `${what}${found}`, { hint: mend })
}
