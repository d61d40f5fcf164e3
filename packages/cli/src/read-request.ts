import { readdir, stat } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { detectRuntimes, folderTree } from '@packline/engine'
import {
  type BuildRequest,
  buildRequestSchema,
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
  load: boolean
  timeout?: number
  unwrap?: boolean
  as?: 'source' | 'package'
  name?: string
}

/** A runtime with why it was taken. */
export interface ChosenRuntime {
  runtime: RuntimeName
  because: string
}

/** The runtime by the option, else by the folder's files; fails where none or several fit. */
export async function chooseLocalRuntime(
  folder: string,
  options: FunctionOptions,
): Promise<ChosenRuntime> {
  if (options.runtime !== undefined)
    return { runtime: runtimeNamed(options.runtime), because: '--runtime' }
  await checkFolder(folder)
  const found = await detectRuntimes(await folderTree(folder))
  const [first, second] = found
  const names = found.map(({ runtime, detection }) => `${runtime.id} (${detection.because})`)
  if (first && !second) return { runtime: first.runtime.id, because: first.detection.because }
  throw new PacklineError(
    first ? 'INVALID_REQUEST' : 'RUNTIME_NOT_DETECTED',
    first ? `The folder could be ${names.join(' or ')}` : await nothingFound(folder),
    { hint: `Say which: --runtime ${RUNTIME_NAMES.join(', ')}.` },
  )
}

/** The request that the options describe; throws INVALID_REQUEST, HANDLER_FORM and their like. */
export function readRequest(
  source: BuildRequest['source'],
  runtime: RuntimeName,
  options: FunctionOptions,
  profile: Profile,
): BuildRequest {
  const name = options.name ?? nameOf(source)
  const parsed = buildRequestSchema.safeParse({
    function: name,
    runtime,
    version: options.runtimeVersion,
    type: options.type,
    architecture: options.architecture,
    handler: options.handler ?? usualHandler(runtime, options),
    initializer: options.initializer,
    build: {
      load: options.load,
      mode: options.mode,
      // commander says true where --no-unwrap was not given: then the engine decides.
      unwrap: options.unwrap === false ? false : undefined,
      timeoutSeconds: options.timeout,
    },
    // The schema takes what comes over HTTP; the source is put in after it.
    source: { kind: 'inline', files: { placeholder: '' } },
  })
  if (parsed.success) return { ...resolveRequest(parsed.data, profile), source }
  const [issue] = parsed.error.issues
  throw new PacklineError('INVALID_REQUEST', `${issue?.path.join('.')}: ${issue?.message}`)
}

function runtimeNamed(name: string): RuntimeName {
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

/** The folder's or archive's own name, as far as it is one for a function. */
function nameOf(source: BuildRequest['source']): string {
  const text = source.kind === 'folder' ? basename(resolve(source.path)) : 'function'
  const name = text.replace(/[^A-Za-z0-9_.-]+/g, '-').replace(/^[^A-Za-z]+/, '')
  return name.slice(0, 96) || 'function'
}

async function checkFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory()) return
  const what = found ? `${folder} is no folder` : `There is no folder ${folder}`
  throw new PacklineError('INVALID_REQUEST', what, {
    hint: found ? 'packline check looks at archives.' : undefined,
  })
}

async function nothingFound(folder: string): Promise<string> {
  const names = (await readdir(folder)).slice(0, 8)
  return `No runtime fits ${folder}: it holds ${names.length > 0 ? names.join(', ') : 'nothing'}`
}
