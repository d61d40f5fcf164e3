import {
  buildRequestSchema,
  failed,
  PacklineError,
  type ParsedBuildRequest,
  type RuntimeName,
} from '@packline/shared'
import { firstMistake } from './first-mistake.ts'

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
  split?: boolean
  installScripts?: boolean
  buildCommand?: string[]
  exclude?: string[]
  include?: string[]
  secrets?: string
  as?: 'source' | 'package'
  name?: string
  testEvent?: unknown
  testExpect?: unknown
  /** Files of dependency packages to attach. */
  dependency?: string[]
}

/** A request as the options say it, without source and dependency packages. */
export function fieldsOf(runtime: RuntimeName, options: FunctionOptions) {
  return {
    function: options.name,
    runtime,
    version: options.runtimeVersion,
    type: options.type,
    architecture: options.architecture,
    handler: options.handler ?? usualHandler(runtime, options),
    initializer: options.initializer,
    test: testOf(options),
    build: {
      load: options.load,
      mode: options.mode,
      module: options.module,
      unwrap: options.unwrap,
      bundle: options.bundle,
      sourceMap: options.sourceMap,
      installScripts: options.installScripts,
      command: options.buildCommand,
      exclude: options.exclude,
      include: options.include,
      secrets: options.secrets,
      timeoutSeconds: options.timeout,
      split: options.split,
    },
  }
}

function testOf({ testEvent, testExpect }: FunctionOptions) {
  if (testEvent !== undefined) return { event: testEvent, expect: testExpect }
  if (testExpect === undefined) return undefined
  throw new PacklineError('INVALID_REQUEST', '--test-expect is there, and no --test-event', {
    hint: 'Say the event that the handler is to be called with, such as --test-event {}.',
  })
}

/** Throws INVALID_REQUEST with the option that is wrong. */
export function checkedRequest(request: object): ParsedBuildRequest {
  const parsed = buildRequestSchema.safeParse(request)
  if (parsed.success) return parsed.data
  throw failed('INVALID_REQUEST', { detail: firstMistake(parsed.error, request) })
}

/** What nearly every function of the runtime has; the others say theirs. */
function usualHandler(runtime: RuntimeName, { type }: FunctionOptions): string | undefined {
  if (type === 'http') return undefined
  if (runtime === 'nodejs' || runtime === 'python') return 'index.handler'
  return runtime === 'custom' ? 'bootstrap' : undefined
}
