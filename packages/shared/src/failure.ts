import type { Finding } from './finding.ts'

/** Who has to act: the caller mends the request or the code, the platform is us or what we run on. */
export type Blame = 'caller' | 'platform'

interface FailureKind {
  title: string
  blame: Blame
  /** Whether another attempt may end differently. */
  retry: boolean
  /** HTTP status where the fault is answered by the API itself instead of ending a build. */
  status: number
}

const caller = (title: string, status = 422): FailureKind => ({
  title,
  blame: 'caller',
  retry: false,
  status,
})
const platform = (title: string, retry: boolean, status = 503): FailureKind => ({
  title,
  blame: 'platform',
  retry,
  status,
})

/** Every way a request or a build can end badly. Each edge translates from here, once. */
export const FAILURES = {
  INVALID_REQUEST: caller('The request is not valid', 400),
  UNKNOWN_RUNTIME: caller('The platform has no such runtime', 400),
  UNKNOWN_VERSION: caller('The platform has no such version of the runtime', 400),
  HANDLER_FORM: caller('The handler has the wrong form', 400),
  NOT_AUTHENTICATED: caller('A valid key is needed', 401),
  NOT_FOUND: caller('There is no such thing', 404),
  METHOD_NOT_ALLOWED: caller('The path does not take this method', 405),
  CONFLICT: caller('The state does not allow this', 409),
  IDEMPOTENCY_IN_PROGRESS: caller('The same Idempotency-Key is being worked off', 409),
  IDEMPOTENCY_MISMATCH: caller('The Idempotency-Key was used with another request', 422),
  BODY_TOO_LARGE: caller('The request is too large', 413),
  UPLOAD_TOO_LARGE: caller('The upload is too large', 413),
  UPLOAD_NOT_FOUND: caller('There is no such upload', 422),

  FORMAT: caller('The archive is not of a kind the runtime takes'),
  ARCHIVE_REFUSED: caller('The archive is not safe to open'),
  ARCHIVE_DAMAGED: caller('The archive is damaged'),
  UNPACKED_TOO_LARGE: caller('The source is too large'),
  SOURCE_NOT_ALLOWED: caller('The source may not be read', 403),
  SOURCE_NOT_FOUND: caller('The source was not found'),
  SOURCE_UNREACHABLE: { ...platform('The source did not answer', true), blame: 'caller' },
  RUNTIME_NOT_DETECTED: caller('The runtime could not be told from the files'),
  MANIFEST_INVALID: caller('A manifest could not be read'),
  ENTRY_MISSING: caller('The entry file is missing'),
  DEPENDENCY_NOT_FOUND: caller('A dependency was not found'),
  INSTALL_FAILED: caller('The dependencies could not be installed'),
  COMPILE_FAILED: caller('The code does not compile'),
  VALIDATION_FAILED: caller('The package breaks rules of the platform'),
  TIMED_OUT: caller('The build took too long'),
  TOO_MUCH_OUTPUT: caller('The build printed too much'),
  OUT_OF_MEMORY: caller('The build used too much memory'),
  DISK_FULL: caller('The build used too much disk'),

  TOOL_MISSING: platform('The worker lacks a tool', false),
  NO_WORKER: platform('No worker takes builds of this kind', false),
  POISONED: platform('The build ended every worker that took it', false),
  EXPIRED: platform('The build waited too long', false),
  REGISTRY_UNAVAILABLE: platform('A package registry did not answer', true),
  STORE_UNAVAILABLE: platform('The object store did not answer', true),
  CONTENT_MISMATCH: platform('The content is not what was announced', true),
  SERVER_UNREACHABLE: platform('The server did not answer', true),
  RECORDS_UNAVAILABLE: platform('Redis did not answer', true),
  SANDBOX_FAILED: platform('The sandbox could not be made', true),
  BUG: platform('Packline made a mistake', false, 500),
} satisfies Record<string, FailureKind>

export type FailureCode = keyof typeof FAILURES

/** What a user reads of a failure. `detail`: what was found, expected and where; `hint`: what to do. */
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

/** The one error of Packline. Everything else that is thrown is a `BUG` at the edge that meets it. */
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
    return {
      code: 'BUG',
      title: FAILURES.BUG.title,
      blame: 'platform',
      detail: 'An unexpected error stopped the work; the log of the service has it.',
      hint: 'Try again; when it happens again, report it with the id.',
      step,
    }
  }
  const { title, blame } = FAILURES[error.code]
  return {
    code: error.code,
    title,
    blame,
    detail: error.message,
    hint: error.hint,
    step,
    output: error.output,
  }
}
