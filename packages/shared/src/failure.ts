import type { Finding } from './finding.ts'

/** Who has to act: the caller mends request or code; the platform is us or what we run on. */
export type Blame = 'caller' | 'platform'

interface FailureKind {
  title: string
  blame: Blame
  /** Whether another attempt may end differently. */
  retry: boolean
  /** HTTP status where the fault is answered by the API itself instead of ending a build. */
  status: number
  /** What to do where the error at hand says nothing better. */
  hint: string
}

const caller = (title: string, hint: string, status = 422): FailureKind => ({
  title,
  blame: 'caller',
  retry: false,
  status,
  hint,
})
const platform = (title: string, retry: boolean, hint: string, status = 503): FailureKind => ({
  title,
  blame: 'platform',
  retry,
  status,
  hint,
})

const SCHEMA = 'GET /openapi.json has the schema of every request.'
const RUNTIMES_PATH = 'GET /v1/runtimes has every runtime with its versions.'
const PACK_AGAIN = 'Pack it again with an ordinary tool and upload the new archive.'
const AGAIN = 'Try again in a moment.'
const OPERATOR = "Tell the operator of the workers; the service's log says more."

/** Every way a request or a build can end badly. Each edge translates from here, once. */
export const FAILURES = {
  INVALID_REQUEST: caller('The request is not valid', SCHEMA, 400),
  UNKNOWN_RUNTIME: caller('The platform has no such runtime', RUNTIMES_PATH, 400),
  UNKNOWN_VERSION: caller('The platform has no such version of the runtime', RUNTIMES_PATH, 400),
  HANDLER_FORM: caller('The handler has the wrong form', RUNTIMES_PATH, 400),
  NOT_AUTHENTICATED: caller('A valid key is needed', 'Send "Authorization: Bearer KEY".', 401),
  NOT_FOUND: caller('There is no such thing', 'Look at the id, and whose key was sent.', 404),
  METHOD_NOT_ALLOWED: caller('The path does not take this method', SCHEMA, 405),
  CONFLICT: caller('The state does not allow this', 'Look at its state first.', 409),
  IDEMPOTENCY_MISMATCH: caller(
    'The Idempotency-Key was used with another request',
    'Use a new key for a new request.',
  ),
  BODY_TOO_LARGE: caller('The request is too large', 'Upload archives, or send less at once.', 413),
  UPLOAD_TOO_LARGE: caller(
    'The upload is too large',
    'Make it smaller or build it from git; the platform takes larger ones from object storage.',
    413,
  ),
  DEPENDENCY_PACKAGE_NOT_FOUND: caller(
    'There is no such dependency package',
    'GET /v1/dependencies lists them; their revisions are at /v1/dependencies/NAME/revisions.',
  ),
  UPLOAD_NOT_FOUND: caller('There is no such upload', 'Upload it with POST /v1/uploads.'),

  FORMAT: caller('The archive is not of a kind the runtime takes', 'Upload a ZIP.'),
  ARCHIVE_REFUSED: caller('The archive is not safe to open', PACK_AGAIN),
  ARCHIVE_DAMAGED: caller('The archive is damaged', PACK_AGAIN),
  UNPACKED_TOO_LARGE: caller('The source is too large', 'Leave out what does not run.'),
  SOURCE_NOT_ALLOWED: caller('The source may not be read', 'Use a public https address.', 403),
  SOURCE_NOT_FOUND: caller('The source was not found', 'Look at its address.'),
  SOURCE_UNREACHABLE: {
    ...platform('The source did not answer', true, 'See that its server answers, and try again.'),
    blame: 'caller',
  },
  RUNTIME_NOT_DETECTED: caller('The runtime could not be told from the files', RUNTIMES_PATH),
  MANIFEST_INVALID: caller('A manifest could not be read', 'Mend the place that is named.'),
  ENTRY_MISSING: caller('The entry file is missing', 'Add it, or name another in the handler.'),
  DEPENDENCY_NOT_FOUND: caller('A dependency was not found', 'Look at its name and version.'),
  INSTALL_FAILED: caller(
    'The dependencies could not be installed',
    'The output says why; the same command fails on your machine, too.',
  ),
  COMPILE_FAILED: caller('The code does not compile', "Mend what the compiler's lines name."),
  VALIDATION_FAILED: caller('The package breaks rules of the platform', 'Mend each finding.'),
  TIMED_OUT: caller('The build took too long', 'Raise build.timeoutSeconds, or do less.'),
  TOO_MUCH_OUTPUT: caller('The build printed too much', 'Make the tools say less.'),
  OUT_OF_MEMORY: caller('The build used too much memory', 'Let it use less.'),

  DISK_FULL: platform('The machine has no disk space left', true, OPERATOR, 507),
  TOOL_MISSING: platform('The worker lacks a tool', false, OPERATOR),
  NO_WORKER: platform('No worker takes builds of this kind', false, OPERATOR),
  POISONED: platform('The build ended every worker that took it', false, OPERATOR),
  REGISTRY_UNAVAILABLE: platform('A package registry did not answer', true, AGAIN),
  STORE_UNAVAILABLE: platform('The object store did not answer', true, AGAIN),
  CONTENT_MISMATCH: platform('The content is not what was announced', true, AGAIN),
  SERVER_UNREACHABLE: platform('The server did not answer', true, AGAIN),
  RECORDS_UNAVAILABLE: platform('Redis did not answer', true, AGAIN),
  SANDBOX_FAILED: platform('The sandbox could not be made', true, OPERATOR),
  BUG: platform(
    'Packline made a mistake',
    false,
    'Try again; when it happens again, report it with the id.',
    500,
  ),
} satisfies Record<string, FailureKind>

export type FailureCode = keyof typeof FAILURES

/** What a user reads. `detail`: what was found, expected and where; `hint`: what to do. */
export interface Failure {
  code: FailureCode
  title: string
  blame: Blame
  detail: string
  hint?: string
  /** The step that failed, added by the pipeline. */
  step?: string
  /** Last lines of a tool's output, at most 40. */
  output?: string[]
  /** The findings that refused the package, for VALIDATION_FAILED. */
  findings?: Finding[]
}

interface FailureOptions {
  hint?: string
  output?: string[]
  /** Where in the request, such as `builds[3].handler`. */
  at?: string
  cause?: unknown
}

/** The one error of Packline. Whatever else is thrown is a `BUG` at the edge that meets it. */
export class PacklineError extends Error {
  readonly code: FailureCode
  readonly hint: string | undefined
  readonly output: string[] | undefined
  readonly at: string | undefined

  constructor(code: FailureCode, detail: string, options: FailureOptions = {}) {
    super(detail, { cause: options.cause })
    this.name = 'PacklineError'
    this.code = code
    this.hint = options.hint
    this.output = options.output
    this.at = options.at
  }
}

/** What went wrong as data; an error that is not ours is a `BUG` and keeps its text to the log. */
export function toFailure(error: unknown, step?: string): Failure {
  if (!(error instanceof PacklineError)) {
    const { title, blame, hint } = FAILURES.BUG
    const detail = 'An unexpected error stopped the work; the log of the service has it.'
    return { code: 'BUG', title, blame, detail, hint, step }
  }
  const { code, message: detail, output } = error
  const { title, blame, hint } = FAILURES[code]
  return { code, title, blame, detail, hint: error.hint ?? hint, step, output }
}

const FULL_DISK: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT'])

/** Whether the operating system says that there is no room: the machine's fault, not a caller's. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && FULL_DISK.has(error.code)
}
