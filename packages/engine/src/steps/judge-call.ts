import { isDeepStrictEqual } from 'node:util'
import type { BuildRequest, Finding, TestReport } from '@packline/shared'
import type { CallAnswer } from './load-answer.ts'

/** What is kept of a call, and what is to be said of it. */
export interface JudgedCall {
  report: TestReport
  findings: Finding[]
}

/** Compares an answer with the one that the request expects; `same`: its own runtime version. */
export function judgeCall(
  { ok, answer, message, path, line, ms, memoryBytes, output }: CallAnswer,
  test: NonNullable<BuildRequest['test']>,
  same: boolean,
): JudgedCall {
  const difference = ok && test.expect !== undefined ? differenceOf(answer, test.expect) : undefined
  const wrong = ok ? difference : `the handler fails: ${message ?? 'no reason given'}`
  const report = { ok: wrong === undefined, answer, message: wrong, ms, memoryBytes, output }
  if (wrong === undefined) return { report, findings: [] }
  const finding: Finding = {
    rule: 'test-event',
    level: same ? 'error' : 'warning',
    message: `called with the test event, ${wrong}`,
    hint: 'The sandbox has no network and no variables of the function. Mend the handler, or the event and what is expected of it.',
    path,
    line,
  }
  return { report, findings: [finding] }
}

/** Where nothing on this worker can call it. */
export function notCalled(because: string): JudgedCall {
  const message = `not called: ${because}`
  const level = 'warning'
  const finding: Finding = { rule: 'test-event', level, message: `the handler was ${message}` }
  return { report: { ok: false, message, output: [] }, findings: [finding] }
}

/** The first place where an answer is not what was expected; undefined: it has all of that. */
function differenceOf(found: unknown, expected: unknown, at = 'the answer'): string | undefined {
  if (!isObject(expected) || !isObject(found)) {
    if (isDeepStrictEqual(found, expected)) return undefined
    return `${at} is ${shown(found)}; expected ${shown(expected)}`
  }
  for (const [name, value] of Object.entries(expected)) {
    const difference = differenceOf(found[name], value, `${at}.${name}`)
    if (difference !== undefined) return difference
  }
  return undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 200 ? `${text.slice(0, 200)}...` : text
}
