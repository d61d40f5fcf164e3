import { basename, join } from 'node:path'
import { type ToldRuntime, tellRuntimes } from '@packline/engine'
import {
  type BuildRequest,
  type Manifest,
  PacklineError,
  type Profile,
  RUNTIME_NAMES,
  resolveRequest,
} from '@packline/shared'
import { runtimeNamed } from '../choose-local-runtime.ts'
import type { LocalDependencies } from '../local-dependencies.ts'
import { MANIFEST, readManifest } from '../manifest.ts'
import { nameOf, readRequest } from '../read-request.ts'
import type { FunctionOptions } from '../request-fields.ts'
import type { LocalFile } from './find-packages.ts'

/** The functions that a manifest lists, by name; none where no file was named and none is there. */
export async function readFunctions(
  place: string,
  named: string | undefined,
): Promise<Manifest['functions']> {
  const found = await readManifest(named ?? join(place, MANIFEST))
  if (found || named === undefined) return found?.functions ?? {}
  throw new PacklineError('INVALID_REQUEST', `There is no manifest ${named}`)
}

/** What is known of all packages of one audit. */
interface Known {
  functions: Manifest['functions']
  options: FunctionOptions
  profile: Profile
  attached: LocalDependencies
  context: { signal: AbortSignal }
}

/**
 * What a package is to be checked as: the manifest's function of its name, else the options, with
 * the runtime that its files show. Throws RUNTIME_NOT_DETECTED where they show none or several.
 */
export async function requestFor(
  file: LocalFile,
  name: string,
  { functions, options, profile, attached: { pins }, context: { signal } }: Known,
): Promise<BuildRequest> {
  const title = basename(name).replace(/\.(zip|jar)$/i, '')
  const source = { kind: 'folder', path: file.path, as: 'package' } as const
  const listed = functions[title]
  if (listed) {
    const { path: _folder, ...request } = listed
    const build = { ...request.build, load: options.load && request.build.load }
    // The schema's source is put in for the one that no request over HTTP can have.
    const parsed = { ...request, function: title, build, source: PLACEHOLDER }
    const pinned = pins.length > 0 ? { dependencies: pins } : {}
    return { ...ofFunction(title, () => resolveRequest(parsed, profile)), source, ...pinned }
  }
  const runtime =
    options.runtime === undefined
      ? onlyOne(await tellRuntimes({ path: file.path }, profile, signal))
      : runtimeNamed(options.runtime)
  const handler = options.handler?.replaceAll('{name}', title)
  return readRequest(source, runtime, { ...options, name: nameOf(title), handler }, profile, pins)
}

/** A mistake in what the manifest says of one function is not one of the whole audit. */
function ofFunction<T>(name: string, resolve: () => T): T {
  try {
    return resolve()
  } catch (cause) {
    if (!(cause instanceof PacklineError)) throw cause
    const { message, hint } = cause
    throw new PacklineError('MANIFEST_INVALID', `${MANIFEST}: ${name}: ${message}`, { hint, cause })
  }
}

const PLACEHOLDER = { kind: 'inline', files: { placeholder: '' } } as const

function onlyOne(told: readonly ToldRuntime[]) {
  const [first, second] = told
  if (first && !second) return first.runtime
  const found = told.map(({ runtime, because }) => `${runtime} (${because})`).join(' or ')
  const what = first ? `It could be ${found}` : 'No runtime has such files'
  throw new PacklineError('RUNTIME_NOT_DETECTED', what, {
    hint: `List it in ${MANIFEST}, or say --runtime ${RUNTIME_NAMES.join('|')}.`,
  })
}
