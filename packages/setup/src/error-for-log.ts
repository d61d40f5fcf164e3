/** Of a message, and of how many causes. */
const MESSAGE_CHARS_MAX = 2000
const CAUSES_MAX = 5

/** The text that could not be parsed, which JSON.parse repeats a part of. */
const EXCERPT = /, (?:\.{3})?".*is not valid JSON$/s
/** Who asks, and a query, which may be a signature that lets in whoever has it. */
const USER = /(:\/\/)[^\s/?#@]+@/g
const QUERY = /(:\/\/[^\s?#"'<>]+)\?[^\s"'<>]+/g

/** What a log has of an error. */
export interface LoggedError {
  type: string
  code?: string
  message: string
  /** Its frames alone: the first line would be the message again. */
  stack?: string
  cause?: LoggedError
  errors?: LoggedError[]
}

/**
 * An error as a log line has it: what it is called, what it says and where it was thrown. Of all
 * else that libraries hang on their errors nothing is taken: ioredis keeps the command with its
 * arguments there, which are whole requests with their files.
 */
export function errorForLog(error: unknown, left = CAUSES_MAX): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: told(String(error)) }
  const { name, message, stack, cause } = error
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const below = left > 0 && cause !== undefined ? { cause: errorForLog(cause, left - 1) } : {}
  const several = left > 0 && error instanceof AggregateError ? error.errors : []
  const errors = several.slice(0, CAUSES_MAX).map((one) => errorForLog(one, 0))
  return {
    type: name,
    ...code,
    message: told(message),
    ...(stack !== undefined && { stack: framesOf(stack) }),
    ...below,
    ...(errors.length > 0 && { errors }),
  }
}

function framesOf(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => /^ {4}at /.test(line))
    .join('\n')
}

function told(message: string): string {
  return message
    .slice(0, MESSAGE_CHARS_MAX)
    .replace(EXCERPT, '')
    .replace(USER, '$1***@')
    .replace(QUERY, '$1?***')
}
