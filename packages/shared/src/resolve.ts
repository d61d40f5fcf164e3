import { checkOptions } from './check-options.ts'
import { parseDependencyRef } from './dependency.ts'
import { failed } from './failure.ts'
import { HANDLER_EXAMPLES, type Handler, parseHandler } from './handler.ts'
import type { HandlerForm, Profile } from './profile.ts'
import type { BuildRequest, ParsedBuildRequest } from './request.ts'
import { RUNTIMES, type RuntimeName } from './runtimes.ts'
import { handlerFailures, requestFailures } from './texts.ts'

/**
 * Completes a request by the profile and refuses what the platform would: rules handler-form and
 * initializer (package-rules.md part 2). Its dependency packages are judged by their names alone
 * and left to who knows their revisions, and a callback's secret to who keeps it. Throws
 * UNKNOWN_RUNTIME, UNKNOWN_VERSION, HANDLER_FORM, INVALID_REQUEST.
 */
export function resolveRequest(parsed: ParsedBuildRequest, profile: Profile): BuildRequest {
  const request = withTarget(parsed, profile)
  checkHandler(request, profile)
  checkOptions(parsed)
  checkDependencies(parsed, profile)
  return request
}

/**
 * The same where nobody knows the handler: it and the initializer are neither held nor kept, but
 * for an HTTP function's, which has none. Throws as `resolveRequest` does.
 */
export function resolveWithoutHandler(parsed: ParsedBuildRequest, profile: Profile): BuildRequest {
  const request = withTarget(parsed, profile)
  if (request.type === 'http') checkHttp(request)
  checkOptions(parsed)
  checkDependencies(parsed, profile)
  const { handler: _handler, initializer: _initializer, ...others } = request
  return others
}

function withTarget(parsed: ParsedBuildRequest, profile: Profile): BuildRequest {
  const { dependencies: _dependencies, callback, ...asked } = parsed
  const told = callback && { callback: { url: callback.url } }
  return { ...asked, ...told, version: resolveTarget(parsed, profile) }
}

/** The version, where the platform has what the request is for. */
export function resolveTarget(
  parsed: Pick<ParsedBuildRequest, 'runtime' | 'version' | 'architecture'>,
  profile: Profile,
): string {
  const version = chooseVersion(parsed, profile)
  const { architectures, title } = profile
  if (architectures.includes(parsed.architecture)) return version
  const words = requestFailures.architecture(parsed.architecture, title, architectures)
  throw failed('INVALID_REQUEST', words, { at: 'architecture' })
}

/** The handler of a resolved request, taken apart; undefined for HTTP functions. */
export function handlerOf(request: BuildRequest, profile: Profile): Handler | undefined {
  if (request.type === 'http' || request.handler === undefined) return undefined
  return parseHandler(request.handler, formsOf(request, profile))
}

/** The version that is asked for, else the default. Throws UNKNOWN_RUNTIME, UNKNOWN_VERSION. */
export function chooseVersion(
  parsed: Pick<ParsedBuildRequest, 'runtime' | 'version'>,
  profile: Profile,
): string {
  const runtime = profile.runtimes[parsed.runtime]
  if (!runtime) {
    const known = Object.keys(profile.runtimes)
    const words = requestFailures.runtime(parsed.runtime, profile.title, known)
    throw failed('UNKNOWN_RUNTIME', words, { at: 'runtime' })
  }
  const version = parsed.version ?? runtime.default
  const versions = runtime.versions.map((entry) => entry.version)
  if (versions.includes(version)) return version
  const of = { runtime: parsed.runtime, known: versions, default: runtime.default }
  const words = requestFailures.version(version, profile.title, of)
  throw failed('UNKNOWN_VERSION', words, { at: 'version' })
}

function checkHandler(request: BuildRequest, profile: Profile): void {
  if (request.type === 'http') {
    checkHttp(request)
    return
  }
  const forms = formsOf(request, profile)
  checkOne('handler', request.handler, forms, profile)
  if (request.initializer !== undefined) {
    checkOne('initializer', request.initializer, forms, profile)
    checkSameFile(request, forms)
  }
}

function checkHttp(request: BuildRequest): void {
  const field = request.handler !== undefined ? 'handler' : 'initializer'
  const found = request[field]
  if (found === undefined) return
  throw failed('HANDLER_FORM', handlerFailures.none(field, found), { at: field })
}

function checkOne(
  field: 'handler' | 'initializer',
  value: string | undefined,
  forms: readonly HandlerForm[],
  profile: Profile,
): void {
  const examples = forms.map((form) => HANDLER_EXAMPLES[form])
  const expected = {
    en: examples.map(({ en }) => en).join('; or '),
    zh: examples.map(({ zh }) => zh).join('；或 '),
    count: forms.length,
  }
  if (value === undefined) {
    throw failed('HANDLER_FORM', handlerFailures.missing(field, expected), { at: field })
  }
  const { handlerCharsMin: min, handlerCharsMax: max } = profile.limits
  const characters = [...value].length
  if (characters < min || characters > max) {
    const words = handlerFailures.length(field, characters, { min, max }, expected)
    throw failed('HANDLER_FORM', words, { at: field })
  }
  if (parseHandler(value, forms)) return
  throw failed('HANDLER_FORM', handlerFailures.form(field, value, expected), { at: field })
}

/** The platform runs the initializer from the handler's own file or class. */
function checkSameFile(request: BuildRequest, forms: readonly HandlerForm[]): void {
  const { handler = '', initializer = '' } = request
  const places = [handler, initializer].map((text) => placeOf(parseHandler(text, forms)))
  if (places[0] === places[1]) return
  const words = handlerFailures.otherFile(initializer, handler)
  throw failed('HANDLER_FORM', words, { at: 'initializer' })
}

/** How many, each once, and of a runtime that has any (package-rules.md part 3). */
function checkDependencies(
  { runtime, build, dependencies: refs = [] }: ParsedBuildRequest,
  profile: Profile,
): void {
  if (refs.length > 0) refuseDependencies(runtime, 'dependencies')
  if (build.split) refuseDependencies(runtime, 'build.split')
  const { dependenciesMax } = profile.limits
  const count = refs.length + (build.split ? 1 : 0)
  if (count > dependenciesMax) {
    const words = requestFailures.tooManyDependencies(count, profile.title, dependenciesMax)
    throw failed('INVALID_REQUEST', words, { at: 'dependencies' })
  }
  const names = refs.map((ref) => parseDependencyRef(ref).name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return
  throw failed('INVALID_REQUEST', requestFailures.dependencyTwice(twice), { at: 'dependencies' })
}

/** Throws INVALID_REQUEST for a runtime whose functions can not attach any. */
export function refuseDependencies(runtime: RuntimeName, at: string): void {
  if (RUNTIMES[runtime].dependencyLayout !== undefined) return
  throw failed('INVALID_REQUEST', requestFailures.noDependencies(RUNTIMES[runtime].title), { at })
}

/** What a handler's file, class or plugin is called; one text for programs that take any. */
function placeOf(handler: Handler | undefined): string {
  if (handler?.form === 'file.function' || handler?.form === 'file') {
    return `${handler.form} ${handler.file}`
  }
  if (handler?.form === 'package.Class.method') return handler.class
  return handler?.form === 'name.Symbol' ? handler.name : ''
}

function formsOf(request: BuildRequest, profile: Profile): readonly HandlerForm[] {
  const forms = profile.runtimes[request.runtime]?.handlerForms ?? []
  if (request.runtime !== 'go' || !request.build.mode) return forms
  const wanted: HandlerForm = request.build.mode === 'plugin' ? 'name.Symbol' : 'file'
  return forms.includes(wanted) ? [wanted] : forms
}

/** Upload matrix (package-rules.md part 1): a JAR only for Java. */
export function checkFormat(format: 'zip' | 'jar', request: Pick<BuildRequest, 'runtime'>): void {
  if (format === 'zip' || RUNTIMES[request.runtime].jar) return
  const { title } = RUNTIMES[request.runtime]
  throw failed('FORMAT', requestFailures.jar(title), { at: 'source.upload' })
}
