import type * as z from 'zod'

/** Of a value that was found, at most so much is said again. */
const SHOWN_CHARS_MAX = 64

/** One sentence about a mistake: what was expected and what was found. */
export function describeIssue(issue: z.core.$ZodIssue, given: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    return `there is no ${issue.keys.map((key) => shown(key)).join(', ')} here`
  }
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message
  return `${expectation(issue)}; found ${found(valueAt(given, issue.path))}`
}

/** Such as `builds[3].handler`. */
export function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, part) => {
    if (typeof part === 'number') return `${place}[${part}]`
    return place === '' ? String(part) : `${place}.${String(part)}`
  }, '')
}

export function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, part) => {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, part)
    return isThere ? Reflect.get(value, part) : undefined
  }, given)
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `expected ${listed(issue.values)}`
  if (issue.code !== 'invalid_union') return withoutReceived(issue.message)
  if ('options' in issue && Array.isArray(issue.options)) return `expected ${listed(issue.options)}`
  const inner = issue.errors.flat().toSorted((a, b) => b.path.length - a.path.length)[0]
  return inner ? expectation(inner) : issue.message
}

/** zod's own words begin with a kind of mistake and end with a type; ours end with the value. */
function withoutReceived(message: string): string {
  return message.replace(/^[^:]+: expected/, 'expected').replace(/, received \w+$/, '')
}

function listed(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ')
}

function found(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'string' ? shown(value) : String(value)
}

function shown(text: string): string {
  return JSON.stringify(
    text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}...` : text,
  )
}
