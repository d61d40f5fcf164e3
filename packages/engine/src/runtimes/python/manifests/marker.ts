import type { Architecture } from '@packline/shared'
import { satisfies, valid } from '@renovatebot/pep440'

/** What environment markers (PEP 508) ask about, by their names. */
export type MarkerEnvironment = Readonly<Record<string, string>>

/**
 * The platform's Python, never this worker's. Its patch release is not known: the first one is
 * taken, as uv does.
 */
export function markerEnvironment(version: string, architecture: Architecture): MarkerEnvironment {
  const [major = '3', minor = '0'] = version.split('.')
  const full = `${major}.${minor}.0`
  return {
    python_version: `${major}.${minor}`,
    python_full_version: full,
    implementation_version: full,
    implementation_name: 'cpython',
    platform_python_implementation: 'CPython',
    os_name: 'posix',
    sys_platform: major === '2' ? 'linux2' : 'linux',
    platform_system: 'Linux',
    platform_machine: architecture,
    platform_release: '',
    platform_version: '',
  }
}

/** Whether a marker holds; `extras`: those that are asked for. Throws where it is no marker. */
export function markerHolds(
  marker: string,
  environment: MarkerEnvironment,
  extras: readonly string[] = [],
): boolean {
  if (marker.length > CHARS_MAX) throw unreadable(`${marker.slice(0, 100)}...`)
  const tokens = [...marker.matchAll(TOKEN)].map(([token]) => token.trim())
  if (tokens.join('') !== marker.replaceAll(OUTSIDE_QUOTES, '$1')) throw unreadable(marker)
  const reader: Reader = { tokens, at: 0, marker, environment, extras }
  const holds = readOr(reader)
  if (reader.at < tokens.length) throw unreadable(marker)
  return holds
}

/** Whether it can be read. */
export function isMarker(marker: string): boolean {
  try {
    markerHolds(marker, markerEnvironment('3.10', 'x86_64'))
    return true
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

/** Far more than any tool writes; what is read by recursion needs a bound. */
const CHARS_MAX = 8192
const TOKEN = /"[^"]*"|'[^']*'|[()]|===|~=|[<>=!]=|[<>]|not\s+in\b|[A-Za-z_][\w.]*/g
/** White space that stands in no quoted text; "not in" keeps what is inside of it. */
const OUTSIDE_QUOTES = /("[^"]*"|'[^']*'|not\s+in\b)|\s+/g

interface Reader {
  tokens: readonly string[]
  at: number
  marker: string
  environment: MarkerEnvironment
  extras: readonly string[]
}

function readOr(reader: Reader): boolean {
  let holds = readAnd(reader)
  while (takes(reader, 'or')) holds = readAnd(reader) || holds
  return holds
}

function readAnd(reader: Reader): boolean {
  let holds = readOne(reader)
  while (takes(reader, 'and')) holds = readOne(reader) && holds
  return holds
}

function readOne(reader: Reader): boolean {
  if (takes(reader, '(')) {
    const holds = readOr(reader)
    if (!takes(reader, ')')) throw unreadable(reader.marker)
    return holds
  }
  const [left = '', operator = '', right = ''] = reader.tokens.slice(reader.at, reader.at + 3)
  reader.at += 3
  if (!OPERATOR.test(operator)) throw unreadable(reader.marker)
  if (left === 'extra' || right === 'extra') {
    const wanted = textOf(left === 'extra' ? right : left, reader)
    return reader.extras.includes(wanted) === (operator !== '!=')
  }
  return compare(textOf(left, reader), operator.replace(/\s+/, ' '), textOf(right, reader))
}

const OPERATOR = /^(===|~=|[<>=!]=|[<>]|in|not\s+in)$/

function takes(reader: Reader, word: string): boolean {
  if (reader.tokens[reader.at] !== word) return false
  reader.at += 1
  return true
}

function textOf(token: string, { environment, marker }: Reader): string {
  if (/^["']/.test(token)) return token.slice(1, -1)
  // Old names with dots, as setuptools wrote them.
  const value = environment[token] ?? environment[token.replace('.', '_')]
  if (value === undefined) throw unreadable(marker)
  return value
}

/** As versions where both are, else as texts (PEP 508). */
function compare(left: string, operator: string, right: string): boolean {
  if (operator === 'in') return right.includes(left)
  if (operator === 'not in') return !right.includes(left)
  if (valid(left) && valid(right.replace(/\.\*$/, '')) && operator !== '===') {
    return satisfies(left, `${operator}${right}`, { prereleases: true })
  }
  if (operator === '!=') return left !== right
  if (operator === '<') return left < right
  if (operator === '>') return left > right
  if (operator === '<=') return left <= right
  return operator === '>=' ? left >= right : left === right
}

function unreadable(marker: string): SyntaxError {
  return new SyntaxError(`"${marker}" is no environment marker`)
}
