import type * as z from 'zod'
import type { Words } from './finding.ts'
import { wordsOf } from './says.ts'

/** Of a value that was found, at most so much is said again. */
const SHOWN_CHARS_MAX = 64

/** What stands under these names is not said again: answers end up in logs. */
const SECRET_NAMES: ReadonlySet<PropertyKey | undefined> = new Set([
  'secret',
  'token',
  'password',
  'privateKey',
  'secretKey',
  'accessKey',
  'secretAccessKey',
])

/** One sentence about a mistake: what was expected and what was found. */
export function describeIssue(issue: z.core.$ZodIssue, given: unknown): Words {
  if (issue.code === 'unrecognized_keys') return notThere(issue.keys)
  const [badKey] = issue.code === 'invalid_key' ? issue.issues : []
  if (badKey) return expectation(badKey)
  const value = valueAt(given, issue.path)
  const isHidden = typeof value === 'string' && issue.path.some((name) => SECRET_NAMES.has(name))
  const what = isHidden ? ofLength(value) : found(value)
  const wanted = expectation(issue)
  const space = /^\p{Script=Han}/u.test(what.zh) ? '' : ' '
  return { en: `${wanted.en}; found ${what.en}`, zh: `${wanted.zh}；实际为${space}${what.zh}` }
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

/** What a schema says itself stands before what zod says of the kind of mistake. */
function expectation(issue: z.core.$ZodIssue): Words {
  const own = wordsOf(issue.message)
  if (own) return own
  if (issue.code === 'unrecognized_keys') return notThere(issue.keys)
  if (issue.code === 'invalid_value') return oneOf(issue.values)
  if (issue.code !== 'invalid_union') {
    const en = withoutReceived(issue.message)
    return { en, zh: inChinese(issue) ?? en }
  }
  if ('options' in issue && Array.isArray(issue.options)) return oneOf(issue.options)
  const inner = issue.errors.flat().toSorted((a, b) => b.path.length - a.path.length)[0]
  return inner ? expectation(inner) : verbatim(issue.message)
}

/** zod's own words begin with a kind of mistake and end with a type; ours end with the value. */
function withoutReceived(message: string): string {
  return message.replace(/^[^:]+: expected/, 'expected').replace(/, received \w+$/, '')
}

/** Undefined for what no schema of a caller's asks for. */
function inChinese(issue: z.core.$ZodIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `应为${TYPES[issue.expected] ?? ` ${issue.expected}`}`
    case 'too_small':
      return least(issue)
    case 'too_big':
      return most(issue)
    case 'custom':
      return typeof issue.params?.zh === 'string' ? issue.params.zh : undefined
    default:
      return undefined
  }
}

const TYPES: Partial<Record<string, string>> = {
  string: '字符串',
  number: '数字',
  int: '整数',
  boolean: '布尔值',
  array: '列表',
  object: '对象',
  record: '对象',
}

function least({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall): string {
  if (!(origin in UNITS)) return `应${inclusive ? '不小于' : '大于'} ${minimum}`
  return `应至少有 ${minimum} ${UNITS[origin]}`
}

function most({ origin, maximum, inclusive }: z.core.$ZodIssueTooBig): string {
  if (!(origin in UNITS)) return `应${inclusive ? '不大于' : '小于'} ${maximum}`
  return `最多 ${maximum} ${UNITS[origin]}`
}

/** What is counted; of numbers it is they themselves. */
const UNITS: Partial<Record<string, string>> = { string: '个字符', array: '项' }

function notThere(keys: readonly string[]): Words {
  const names = keys.map((key) => shown(key)).join(', ')
  return { en: `there is no ${names} here`, zh: `此处没有 ${names}` }
}

function oneOf(values: readonly unknown[]): Words {
  const listed = values.map((value) => JSON.stringify(value)).join(', ')
  return { en: `expected ${listed}`, zh: `应为 ${listed}` }
}

function found(value: unknown): Words {
  if (value === undefined) return { en: 'nothing', zh: '空缺' }
  if (Array.isArray(value)) {
    return { en: `a list of ${value.length}`, zh: `有 ${value.length} 项的列表` }
  }
  if (typeof value === 'object' && value !== null) return { en: 'an object', zh: '一个对象' }
  return verbatim(typeof value === 'string' ? shown(value) : String(value))
}

function ofLength({ length }: string): Words {
  return { en: `${length} characters`, zh: `${length} 个字符` }
}

function verbatim(text: string): Words {
  return { en: text, zh: text }
}

function shown(given: string): string {
  // Of an address with a password or a signature in it the rest is enough to know it by.
  const text = given.replace(/:\/\/[^/?#]*@/, '://***@').replace(/(:\/\/[^?#]*\?).+/s, '$1***')
  return JSON.stringify(
    text.length > SHOWN_CHARS_MAX ? `${text.slice(0, SHOWN_CHARS_MAX)}...` : text,
  )
}
