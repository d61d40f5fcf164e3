import { readdir, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { detectRuntimes, sourceFolder } from '@packline/engine'
import {
  type BuildRequest,
  buildRequestSchema,
  type DependencyPin,
  type FolderSource,
  PacklineError,
  type Profile,
  RUNTIME_NAMES,
  type RuntimeName,
  resolveRequest,
} from '@packline/shared'

/** The options that describe a function. */
export interface FunctionOptions {
  runtime?: string
  runtimeVersion?: string
  handler?: string
  initializer?: string
  type: string
  architecture: string
  mode?: string
  module?: string
  load: boolean
  timeout?: number
  unwrap?: boolean
  bundle?: boolean
  sourceMap?: boolean
  installScripts?: boolean
  exclude?: string[]
  include?: string[]
  secrets?: string
  as?: 'source' | 'package'
  name?: string
  /** Files of dependency packages to attach. */
  dependency?: string[]
}

/** A runtime with why it was taken. */
export interface ChosenRuntime {
  runtime: RuntimeName
  because: string
}

/** The runtime by the option, else by the folder's files; fails where none or several fit. */
export async function chooseLocalRuntime(
  source: FolderSource,
  shown: string,
  options: Pick<FunctionOptions, 'runtime' | 'include'>,
): Promise<ChosenRuntime> {
  await checkFolder(source.path, shown)
  if (options.runtime !== undefined)
    return { runtime: runtimeNamed(options.runtime), because: '--runtime' }
  const found = await detectRuntimes(
    await sourceFolder(source.path, source.leaveOut, options.include),
  )
  const [first, second] = found
  if (!first) throw await nothingFound(source.path, shown)
  if (!second) return { runtime: first.runtime.id, because: first.detection.because }
  const names = found.map(({ runtime, detection }) => `${runtime.id} (${detection.because})`)
  const choices = found.map(({ runtime }) => `--runtime ${runtime.id}`)
  throw new PacklineError('INVALID_REQUEST', `${shown} could be ${names.join(' or ')}`, {
    hint: `Say which: ${choices.join(' or ')}.`,
  })
}

/** The request that the options describe; throws INVALID_REQUEST, HANDLER_FORM and their like. */
export function readRequest(
  source: BuildRequest['source'],
  runtime: RuntimeName,
  options: FunctionOptions,
  profile: Profile,
  attached: readonly DependencyPin[] = [],
): BuildRequest {
  const parsed = buildRequestSchema.safeParse({
    function: options.name,
    runtime,
    version: options.runtimeVersion,
    type: options.type,
    architecture: options.architecture,
    handler: options.handler ?? usualHandler(runtime, options),
    initializer: options.initializer,
    build: {
      load: options.load,
      mode: options.mode,
      module: options.module,
      unwrap: options.unwrap,
      bundle: options.bundle,
      sourceMap: options.sourceMap,
      installScripts: options.installScripts,
      exclude: options.exclude,
      include: options.include,
      secrets: options.secrets,
      timeoutSeconds: options.timeout,
    },
    dependencies: attached.map(({ name }) => name),
    // The schema takes what comes over HTTP; the source is put in after it.
    source: { kind: 'inline', files: { placeholder: '' }, as: source.as },
  })
  const pinned = attached.length > 0 ? { dependencies: attached } : {}
  if (parsed.success) return { ...resolveRequest(parsed.data, profile), source, ...pinned }
  const [issue] = parsed.error.issues
  const option = issue?.path[0] === 'function' ? '--name' : issue?.path.join('.')
  throw new PacklineError('INVALID_REQUEST', `${option} ${issue?.message}`)
}

/** The function's name by its folder's, as far as that is one. */
export function nameOf(path: string): string {
  const name = basename(path)
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z]+|-+$/g, '')
  return name.slice(0, 96) || 'function'
}

/** Throws UNKNOWN_RUNTIME with those there are. */
export function runtimeNamed(name: string): RuntimeName {
  const known = RUNTIME_NAMES.find((runtime) => runtime === name)
  if (known) return known
  throw new PacklineError('UNKNOWN_RUNTIME', `There is no runtime "${name}"`, {
    hint: `There are ${RUNTIME_NAMES.join(', ')}.`,
  })
}

/** What nearly every function of the runtime has; the others say theirs. */
function usualHandler(runtime: RuntimeName, { type }: FunctionOptions): string | undefined {
  if (type === 'http') return undefined
  if (runtime === 'nodejs' || runtime === 'python') return 'index.handler'
  return runtime === 'custom' ? 'bootstrap' : undefined
}

async function checkFolder(path: string, shown: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) return
  const what = found ? `${shown} is no folder` : `There is no folder ${shown}`
  throw new PacklineError('INVALID_REQUEST', what, {
    hint: found ? 'packline check looks at archives.' : undefined,
  })
}

async function nothingFound(path: string, shown: string): Promise<PacklineError> {
  const names = await readdir(path)
  const some = names.slice(0, 8).join(', ') + (names.length > 8 ? ', ...' : '')
  const what = names.length === 0 ? `There is nothing in ${shown}` : `${shown} holds ${some}`
  return new PacklineError('RUNTIME_NOT_DETECTED', what, {
    hint: `Name the folder with the code itself, or say --runtime ${RUNTIME_NAMES.join('|')}.`,
  })
}
