import { PacklineError } from './failure.ts'
import { HANDLER_EXAMPLES, type Handler, parseHandler } from './handler.ts'
import type { HandlerForm, Profile } from './profile.ts'
import type { BuildRequest, ParsedBuildRequest } from './request.ts'
import { RUNTIMES } from './runtimes.ts'

/**
 * Completes a request by the profile and refuses what the platform would: rules handler-form and
 * initializer (package-rules.md part 2). Throws UNKNOWN_RUNTIME, UNKNOWN_VERSION, HANDLER_FORM,
 * INVALID_REQUEST.
 */
export function resolveRequest(parsed: ParsedBuildRequest, profile: Profile): BuildRequest {
  const request = { ...parsed, version: chooseVersion(parsed, profile) }
  if (!profile.architectures.includes(request.architecture)) {
    throw new PacklineError(
      'INVALID_REQUEST',
      `architecture is "${request.architecture}"; ${profile.title} has ${profile.architectures.join(', ')}`,
    )
  }
  checkHandler(request, profile)
  return request
}

/** The handler of a resolved request, taken apart; undefined for HTTP functions. */
export function handlerOf(request: BuildRequest, profile: Profile): Handler | undefined {
  if (request.type === 'http' || request.handler === undefined) return undefined
  return parseHandler(request.handler, formsOf(request, profile))
}

function chooseVersion(parsed: ParsedBuildRequest, profile: Profile): string {
  const runtime = profile.runtimes[parsed.runtime]
  if (!runtime) {
    throw new PacklineError(
      'UNKNOWN_RUNTIME',
      `runtime is "${parsed.runtime}"; ${profile.title} has ${Object.keys(profile.runtimes).join(', ')}`,
    )
  }
  const version = parsed.version ?? runtime.default
  const versions = runtime.versions.map((entry) => entry.version)
  if (versions.includes(version)) return version
  throw new PacklineError(
    'UNKNOWN_VERSION',
    `version is "${version}"; ${profile.title} has ${parsed.runtime} ${versions.join(', ')}`,
    { hint: `Leave version out for ${parsed.runtime} ${runtime.default}.` },
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
  if (value === undefined) {
    throw new PacklineError('HANDLER_FORM', `handler is missing; expected ${expected}`)
  }
  const { handlerCharsMin: min, handlerCharsMax: max } = profile.limits
  if (value.length < min || value.length > max) {
    throw new PacklineError(
      'HANDLER_FORM',
      `${field} has ${value.length} characters; expected ${min} to ${max}`,
    )
  }
  if (parseHandler(value, forms)) return
  throw new PacklineError('HANDLER_FORM', `${field} is "${value}"; expected ${expected}`)
}

/** The platform runs the initializer from the handler's own file or class. */
function checkSameFile(request: BuildRequest, forms: readonly HandlerForm[]): void {
  const place = (text = '') => text.slice(0, text.lastIndexOf('.'))
  if (forms[0] === 'any' || forms[0] === 'file') return
  if (place(request.handler) === place(request.initializer)) return
  throw new PacklineError(
    'HANDLER_FORM',
    `initializer is "${request.initializer}", handler is "${request.handler}"; both must be in one file`,
  )
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
    `The upload is a JAR; ${RUNTIMES[request.runtime].title} takes a ZIP`,
    {
      hint: 'Only Java functions take a JAR. Upload a ZIP with the code at its root.',
    },
  )
}
