import { checkOptions } from './check-options.ts'
import { parseDependencyRef } from './dependency.ts'
import { PacklineError } from './failure.ts'
import { HANDLER_EXAMPLES, type Handler, parseHandler } from './handler.ts'
import type { HandlerForm, Profile } from './profile.ts'
import type { BuildRequest, ParsedBuildRequest } from './request.ts'
import { RUNTIMES, type RuntimeName } from './runtimes.ts'

/**
 * Completes a request by the profile and refuses what the platform would: rules handler-form and
 * initializer (package-rules.md part 2). Its dependency packages are judged by their names alone
 * and left to who knows their revisions. Throws UNKNOWN_RUNTIME, UNKNOWN_VERSION, HANDLER_FORM,
 * INVALID_REQUEST.
 */
export function resolveRequest(parsed: ParsedBuildRequest, profile: Profile): BuildRequest {
  const { dependencies = [], ...asked } = parsed
  const request = { ...asked, version: resolveTarget(parsed, profile) }
  checkHandler(request, profile)
  checkOptions(request)
  checkDependencies(request, dependencies, profile)
  return request
}

/** The version, where the platform has what the request is for. */
export function resolveTarget(
  parsed: Pick<ParsedBuildRequest, 'runtime' | 'version' | 'architecture'>,
  profile: Profile,
): string {
  const version = chooseVersion(parsed, profile)
  if (profile.architectures.includes(parsed.architecture)) return version
  throw new PacklineError(
    'INVALID_REQUEST',
    `architecture is "${parsed.architecture}"; ${profile.title} has ${profile.architectures.join(', ')}`,
    { at: 'architecture', hint: 'Leave it out for x86_64.' },
  )
}

/** The handler of a resolved request, taken apart; undefined for HTTP functions. */
export function handlerOf(request: BuildRequest, profile: Profile): Handler | undefined {
  if (request.type === 'http' || request.handler === undefined) return undefined
  return parseHandler(request.handler, formsOf(request, profile))
}

function chooseVersion(
  parsed: Pick<ParsedBuildRequest, 'runtime' | 'version'>,
  profile: Profile,
): string {
  const runtime = profile.runtimes[parsed.runtime]
  if (!runtime) {
    throw new PacklineError(
      'UNKNOWN_RUNTIME',
      `runtime is "${parsed.runtime}"; ${profile.title} has ${Object.keys(profile.runtimes).join(', ')}`,
      { at: 'runtime', hint: 'Ask for one of these, or use a profile that has it.' },
    )
  }
  const version = parsed.version ?? runtime.default
  const versions = runtime.versions.map((entry) => entry.version)
  if (versions.includes(version)) return version
  throw new PacklineError(
    'UNKNOWN_VERSION',
    `version is "${version}"; ${profile.title} has ${parsed.runtime} ${versions.join(', ')}`,
    { at: 'version', hint: `Leave version out for ${parsed.runtime} ${runtime.default}.` },
  )
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
  if (request[field] === undefined) return
  throw new PacklineError(
    'HANDLER_FORM',
    `An HTTP function has no ${field}; found "${request[field]}"`,
    {
      at: field,
      hint: `Leave ${field} out: the platform starts the file "bootstrap" at the root.`,
    },
  )
}

function checkOne(
  field: 'handler' | 'initializer',
  value: string | undefined,
  forms: readonly HandlerForm[],
  profile: Profile,
): void {
  const expected = forms.map((form) => HANDLER_EXAMPLES[form]).join('; or ')
  const hint = `Name the place in the code that the platform starts, in ${forms.length > 1 ? 'one of these forms' : 'this form'}.`
  if (value === undefined) {
    const found = `${field} is missing; expected ${expected}`
    throw new PacklineError('HANDLER_FORM', found, { at: field, hint })
  }
  const { handlerCharsMin: min, handlerCharsMax: max } = profile.limits
  const characters = [...value].length
  if (characters < min || characters > max) {
    throw new PacklineError(
      'HANDLER_FORM',
      `${field} has ${characters} characters; expected ${min} to ${max}`,
      { at: field, hint },
    )
  }
  if (parseHandler(value, forms)) return
  const found = `${field} is "${value}"; expected ${expected}`
  throw new PacklineError('HANDLER_FORM', found, { at: field, hint })
}

/** The platform runs the initializer from the handler's own file or class. */
function checkSameFile(request: BuildRequest, forms: readonly HandlerForm[]): void {
  const { handler = '', initializer = '' } = request
  const places = [handler, initializer].map((text) => placeOf(parseHandler(text, forms)))
  if (places[0] === places[1]) return
  throw new PacklineError(
    'HANDLER_FORM',
    `initializer is "${initializer}", handler is "${handler}"; both must be in one file`,
    { at: 'initializer', hint: "Name a function of the handler's own file or class." },
  )
}

/** How many, each once, and of a runtime that has any (package-rules.md part 3). */
function checkDependencies(
  { runtime, build }: Pick<BuildRequest, 'runtime' | 'build'>,
  refs: readonly string[],
  profile: Profile,
): void {
  if (refs.length > 0) refuseDependencies(runtime, 'dependencies')
  if (build.split) refuseDependencies(runtime, 'build.split')
  const { dependenciesMax } = profile.limits
  const count = refs.length + (build.split ? 1 : 0)
  if (count > dependenciesMax) {
    const found = `The function would have ${count} dependency packages; ${profile.title} takes at most ${dependenciesMax}`
    const hint = 'Put what belongs together into one dependency package.'
    throw new PacklineError('INVALID_REQUEST', found, { at: 'dependencies', hint })
  }
  const names = refs.map((ref) => parseDependencyRef(ref).name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return
  throw new PacklineError('INVALID_REQUEST', `dependencies has "${twice}" twice`, {
    at: 'dependencies',
    hint: 'Name one revision of it: they would be laid over each other.',
  })
}

/** Throws INVALID_REQUEST for a runtime whose functions can not attach any. */
export function refuseDependencies(runtime: RuntimeName, at: string): void {
  if (RUNTIMES[runtime].dependencyLayout !== undefined) return
  const { title } = RUNTIMES[runtime]
  throw new PacklineError('INVALID_REQUEST', `${title} functions have no dependency packages`, {
    at,
    hint: 'Put everything that the function needs into its own package.',
  })
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
  throw new PacklineError(
    'FORMAT',
    `The archive is a JAR; ${RUNTIMES[request.runtime].title} takes a ZIP`,
    {
      at: 'source.upload',
      hint: 'Only Java functions take a JAR. Make it a ZIP with the code at its root.',
    },
  )
}
