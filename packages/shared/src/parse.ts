import type * as z from 'zod'
import { describeIssue, placeOf, valueAt } from './describe-issue.ts'
import { type FailureCode, failed, type PacklineError } from './failure.ts'
import { requestFailures } from './texts.ts'

/**
 * The body or query by its schema. Throws INVALID_REQUEST, or UNKNOWN_RUNTIME, with the place of
 * the first mistake, what was expected there and what was found.
 */
export function parse<T extends z.ZodType>(schema: T, given: unknown, where: string): z.output<T> {
  const parsed = schema.safeParse(given)
  if (!parsed.success) throw mistake(parsed.error.issues, given, where)
  const dropped = droppedKey(given, parsed.data)
  if (dropped === undefined) return parsed.data
  const at = placeOf(dropped)
  throw failed('INVALID_REQUEST', requestFailures.badName(at), { at })
}

function mistake(
  [issue, ...others]: readonly z.core.$ZodIssue[],
  given: unknown,
  where: string,
): PacklineError {
  const at = issue ? placeOf(issue.path) : ''
  const said = issue ? describeIssue(issue, given) : { en: 'is not right', zh: '不正确' }
  const code = issue ? codeOf(issue, given) : 'INVALID_REQUEST'
  const words = requestFailures.mistake(at || where, said, others.length)
  return failed(code, words, { at: at || undefined })
}

function codeOf({ code, path }: z.core.$ZodIssue, given: unknown): FailureCode {
  const isUnknown = code === 'invalid_value' && typeof valueAt(given, path) === 'string'
  return isUnknown && path.at(-1) === 'runtime' ? 'UNKNOWN_RUNTIME' : 'INVALID_REQUEST'
}

/** zod leaves `__proto__` out of records without a word: a file of that name would be lost. */
function droppedKey(given: unknown, parsed: unknown): PropertyKey[] | undefined {
  if (!isObject(given) || !isObject(parsed)) return undefined
  if (Object.hasOwn(given, '__proto__')) return ['__proto__']
  for (const [key, value] of Object.entries(parsed)) {
    const below = isObject(value) ? droppedKey(Reflect.get(given, key), value) : undefined
    if (below) return [Array.isArray(parsed) ? Number(key) : key, ...below]
  }
  return undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
