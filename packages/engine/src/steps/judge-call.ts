import { isDeepStrictEqual } from 'node:util'
import type { BuildRequest, Finding, TestReport, Words } from '@packline/shared'
import { finding, withHint } from '../finding.ts'
import { ENDS } from '../texts/load.ts'
import { CALLS, testEventTexts } from '../texts/test-event.ts'
import { verbatim } from '../words.ts'
import type { CallAnswer } from './load-answer.ts'

/** What is kept of a call, and what is to be said of it. */
export interface JudgedCall {
  report: TestReport
  findings: Finding[]
}

/** Compares an answer with the one that the request expects; `same`: its own runtime version. */
export function judgeCall(
  { ok, answer, message, zh, hint, path, line, ms, memoryBytes, output }: CallAnswer,
  test: NonNullable<BuildRequest['test']>,
  same: boolean,
): JudgedCall {
  const difference = ok && test.expect !== undefined ? differenceOf(answer, test.expect) : undefined
  const wrong = ok ? difference : CALLS.fails(reasonOf(message, zh))
  const called = { ok: wrong === undefined, answer, ms, memoryBytes, output }
  if (wrong === undefined) return { report: called, findings: [] }
  const report = { ...called, message: wrong.en, zh: { message: wrong.zh } }
  const level = same ? 'error' : 'warning'
  const found = finding('test-event', level, testEventTexts.wrong(wrong), { path, line })
  return { report, findings: [hint ? withHint(found, hint) : found] }
}

/** Where nothing on this worker can call it. */
export function notCalled(because: Words): JudgedCall {
  const said = testEventTexts.notCalled(because)
  const { en: message, zh } = said.message
  const report = { ok: false, message, zh: { message: zh }, output: [] }
  const findings = [finding('test-event', 'warning', said)]
  return { report, findings }
}

/** In Chinese too where it is ours; what code says of itself stays as it said it. */
export function reasonOf(message: string | undefined, zh: string | undefined): Words {
  if (message === undefined) return ENDS.noReason
  return zh === undefined ? verbatim(message) : { en: message, zh }
}

/** The first place where an answer is not what was expected; undefined: it has all of that. */
function differenceOf(found: unknown, expected: unknown, at = ''): Words | undefined {
  if (!isObject(expected) || !isObject(found)) {
    if (isDeepStrictEqual(found, expected)) return undefined
    return CALLS.differs(at, shown(found), shown(expected))
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

function shown(value: unknown): Words {
  const text = JSON.stringify(value)
  if (text === undefined) return CALLS.nothing
  return verbatim(text.length > 200 ? `${text.slice(0, 200)}...` : text)
}
