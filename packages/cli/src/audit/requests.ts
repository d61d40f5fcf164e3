import { basename, join } from 'node:path'
import { type ToldRuntime, tellRuntimes } from '@packline/engine'
import {
  type BuildRequest,
  failed,
  type Manifest,
  PacklineError,
  type Profile,
  RUNTIME_NAMES,
  resolveRequest,
  resolveWithoutHandler,
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

/** `unnamed`: why nobody knows the handler, which the request then lacks. */
export interface Asked {
  request: BuildRequest
  unnamed?: PacklineError
}

/**
 * What a package is to be checked as: the manifest's function of its name, else the options, with
 * the runtime that its files show. Throws RUNTIME_NOT_DETECTED where they show none or several, and
 * what stands in the way of this one.
 */
export async function requestFor(
  file: LocalFile,
  name: string,
  { functions, options, profile, attached: { pins }, context: { signal } }: Known,
): Promise<Asked> {
  const title = basename(name).replace(/\.(zip|jar)$/i, '')
  const source = { kind: 'folder', path: file.path, as: 'package' } as const
  const listed = functions[title]
  if (listed) {
    const { path: _folder, ...request } = listed
    const build = { ...request.build, load: options.load && request.build.load }
    // The schema's source is put in for the one that no request over HTTP can have.
    const parsed = { ...request, function: title, build, source: PLACEHOLDER }
    const resolved = ofFunction(title, () => resolveRequest(parsed, profile))
    if (pins.length === 0) return { request: { ...resolved, source } }
    // What the options attach is no mistake of the manifest's.
    resolveRequest({ ...parsed, dependencies: pins.map((pin) => pin.name) }, profile)
    return { request: { ...resolved, source, dependencies: pins } }
  }
  const runtime =
    options.runtime === undefined
      ? onlyOne(await tellRuntimes({ path: file.path }, profile, signal))
      : runtimeNamed(options.runtime)
  const handler = options.handler?.replaceAll('{name}', title)
  const said = { ...options, name: nameOf(title), handler }
  try {
    return { request: readRequest(source, runtime, said, profile, pins) }
  } catch (error) {
    if (!(error instanceof PacklineError) || error.code !== 'HANDLER_FORM') throw error
    const request = readRequest(source, runtime, said, profile, pins, resolveWithoutHandler)
    const build = { ...request.build, load: false }
    return { request: { ...request, build }, unnamed: notNamed(error) }
  }
}

/** The options say one handler for all: that it is none of this package is no fault of either. */
function notNamed(cause: PacklineError): PacklineError {
  const { code, message, zh, at = 'handler' } = cause
  const words = {
    detail: { en: message, zh: zh?.detail ?? message },
    hint: {
      en: `List the package in ${MANIFEST} with its ${at}, or say --${at}.`,
      zh: `请在 ${MANIFEST} 中列出该部署包及其 ${at}，或使用 --${at}。`,
    },
  }
  return failed(code, words, { at, cause })
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

/** Stands for a package that the schema does not know, or that is not looked at yet. */
export const PLACEHOLDER = { kind: 'inline', files: { placeholder: '' } } as const

function onlyOne(told: readonly ToldRuntime[]) {
  const [first, second] = told
  if (first && !second) return first.runtime
  const found = told.map(({ runtime, because }) => `${runtime} (${because})`)
  const names = RUNTIME_NAMES.join('|')
  throw failed('RUNTIME_NOT_DETECTED', {
    detail: {
      en: first ? `It could be ${found.join(' or ')}` : 'No runtime has such files',
      zh: first ? `可能是 ${found.join(' 或 ')}` : '没有运行时有这样的文件',
    },
    hint: {
      en: `List the package in ${MANIFEST}, or say --runtime ${names}.`,
      zh: `请在 ${MANIFEST} 中列出该部署包，或使用 --runtime ${names}。`,
    },
  })
}
