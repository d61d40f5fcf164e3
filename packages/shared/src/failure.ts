import * as z from 'zod'
import { findingSchema, type Words } from './finding.ts'

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
  SCOPE_MISSING: caller(
    'The key may not do this',
    "Use a key with the scope that is needed; the tenant's admin can make one: POST /v1/keys.",
    403,
  ),
  TOO_MANY_REQUESTS: caller(
    'The key asks for too much',
    'Wait as long as Retry-After says; ask for many builds at once with POST /v1/batches.',
    429,
  ),
  NOT_FOUND: caller('There is no such thing', 'Look at the id, and whose key was sent.', 404),
  METHOD_NOT_ALLOWED: caller('The path does not take this method', SCHEMA, 405),
  CONFLICT: caller('The state does not allow this', 'Look at its state first.', 409),
  EDIT_REFUSED: caller(
    'The files can not be edited online',
    'Send the source as a ZIP, inline or by git; Packline compiles it.',
    409,
  ),
  PRECONDITION_FAILED: caller(
    'Somebody else has changed it meanwhile',
    'Read it again, put both changes together, and send the new ETag in If-Match.',
    412,
  ),
  PRECONDITION_REQUIRED: caller(
    'The change must say what it was made on',
    'Send the ETag that reading it answered in If-Match; "*" overwrites whatever is there.',
    428,
  ),
  IDEMPOTENCY_MISMATCH: caller(
    'The Idempotency-Key was used with another request',
    'Use a new key for a new request.',
  ),
  IDEMPOTENCY_IN_USE: caller(
    'The Idempotency-Key is still being worked on',
    'Send it again in a moment.',
    409,
  ),
  TOO_SLOW: caller('The request came too slowly', 'Send it again, on a faster line.', 408),
  HEADERS_TOO_LARGE: caller(
    'The headers are too large',
    'Send no more of them than the path takes, and what is long in the body.',
    431,
  ),
  BODY_TOO_LARGE: caller('The request is too large', 'Upload archives, or send less at once.', 413),
  UPLOAD_TOO_LARGE: caller(
    'The upload is too large',
    'Put it in object storage and give its address (a source of kind "object"), or make it smaller.',
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
  SOURCE_NOT_ALLOWED: caller('The address may not be reached', 'Use a public https address.', 403),
  SOURCE_NOT_FOUND: caller('The source was not found', 'Look at its address.'),
  SOURCE_TOO_LARGE: caller(
    'The source is larger than the platform takes',
    'Leave out what the function does not need, or move libraries to dependency packages.',
  ),
  SOURCE_DIFFERS: caller(
    'The source is not the one that was named',
    'Look whether it was replaced; ask for a new build of what is there now.',
  ),
  BUCKET_NOT_KNOWN: caller(
    'No object store with this bucket is read from',
    'Use a bucket that the operator allows, or ask for this one: PACKLINE_OBJECT_STORES.',
  ),
  REGION_DIFFERS: caller(
    'The bucket is in another region than the functions',
    "Copy the object to a bucket of the function's region and give its address there.",
  ),
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
  TOO_MANY_PROCESSES: caller('The build started too many processes', 'Let it start fewer.'),
  TOO_MANY_OPEN_FILES: caller('The build had too many files open', 'Let it open fewer at once.'),
  TOO_MUCH_DISK: caller('The build wrote too much', 'Let it write less.'),
  TOO_MANY_FILES: caller('The build made too many files', 'Let it make fewer.'),

  SECRETS_LOCKED: platform('Stored secrets can not be read', false, OPERATOR),
  DISK_FULL: platform('The machine has no disk space left', true, OPERATOR, 507),
  MEMORY_FULL: platform('The machine has no memory left', true, OPERATOR),
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

export const failureCodeSchema = z
  .enum(Object.keys(FAILURES) as FailureCode[])
  .meta({ id: 'FailureCode' })

/** What a user reads. `detail`: what was found, expected and where; `hint`: what to do. */
export const failureSchema = z
  .object({
    code: failureCodeSchema,
    title: z.string(),
    blame: z.enum(['caller', 'platform']),
    detail: z.string(),
    hint: z.string().optional(),
    step: z.string().optional().describe('The step that failed.'),
    output: z.array(z.string()).optional().describe("Last lines of a tool's output, at most 40."),
    findings: z
      .array(findingSchema)
      .optional()
      .describe('Those that refused the package, for VALIDATION_FAILED.'),
    zh: z
      .object({ detail: z.string(), hint: z.string().optional() })
      .optional()
      .describe('Detail and hint in Chinese; what a tool says is as the tool says it.'),
  })
  .meta({ id: 'Failure' })
export type Failure = z.output<typeof failureSchema>

/** What a failure says of the case at hand; without a hint that of its code holds. */
export interface FailureWords {
  detail: Words
  hint?: Words
}

interface FailureOptions {
  hint?: string
  /** Detail and hint in Chinese. */
  zh?: Failure['zh']
  output?: string[]
  /** Where in the request, such as `builds[3].handler`. */
  at?: string
  /** What stands there now, where a precondition does not hold. */
  current?: Current
  cause?: unknown
}

/** The state that a change would have to be made on. */
export const currentSchema = z.object({
  version: z.int().describe('Of the draft.'),
  etag: z.string().optional().describe('Of the entry; absent where there is none.'),
})
export type Current = z.output<typeof currentSchema>

/** The one error of Packline. Whatever else is thrown is a `BUG` at the edge that meets it. */
export class PacklineError extends Error {
  readonly code: FailureCode
  readonly hint: string | undefined
  readonly zh: Failure['zh']
  readonly output: string[] | undefined
  readonly at: string | undefined
  readonly current: Current | undefined

  constructor(code: FailureCode, detail: string, options: FailureOptions = {}) {
    super(detail, { cause: options.cause })
    this.name = 'PacklineError'
    this.code = code
    this.hint = options.hint
    this.zh = options.zh
    this.output = options.output
    this.at = options.at
    this.current = options.current
  }
}

/** An error that is told in both languages, as everything that may end a build is. */
export function failed(
  code: FailureCode,
  { detail, hint }: FailureWords,
  options: Omit<FailureOptions, 'hint' | 'zh'> = {},
): PacklineError {
  const zh = { detail: detail.zh, hint: hint?.zh }
  return new PacklineError(code, detail.en, { ...options, hint: hint?.en, zh })
}

/** What went wrong as data; an error that is not ours is a `BUG` and keeps its text to the log. */
export function toFailure(error: unknown, step?: string): Failure {
  if (!(error instanceof PacklineError)) {
    const { title, blame, hint } = FAILURES.BUG
    const detail = 'An unexpected error stopped the work; the log of the service has it.'
    const zh = { detail: '意外的错误中止了工作；服务日志中有记录。' }
    return { code: 'BUG', title, blame, detail, hint, step, zh }
  }
  const { code, message: detail, output, zh } = error
  const { title, blame, hint } = FAILURES[code]
  return { code, title, blame, detail, hint: error.hint ?? hint, step, output, zh }
}

const FULL_DISK: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT'])

/** Whether the operating system says that there is no room: the machine's fault, not a caller's. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && FULL_DISK.has(error.code)
}
