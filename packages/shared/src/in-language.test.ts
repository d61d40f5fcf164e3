import { expect, test } from 'vitest'
import type { BuildEvent } from './event.ts'
import { FAILURES, failed, PacklineError, toFailure } from './failure.ts'
import { FAILURES_ZH } from './failure-zh.ts'
import { type Finding, rulesOf, withPage } from './finding.ts'
import {
  batchInLanguage,
  buildInLanguage,
  deliveryInLanguage,
  eventInLanguage,
  failureInLanguage,
  reportInLanguage,
  wordsInLanguage,
} from './in-language.ts'
import type { BatchView, BuildView } from './record.ts'

const FINDING: Finding = withPage({
  rule: 'links',
  level: 'warning',
  message: 'it leads nowhere',
  hint: 'Take it out.',
  zh: { message: '它没有目标', hint: '去掉它。' },
  path: 'a',
})
const REPORT = {
  verdict: { verdict: 'proved', because: 'loaded by Go', zh: { because: '已由 Go 加载' } },
  findings: [FINDING],
  more: 1,
} as const satisfies Record<string, unknown>

type Seen = Pick<BuildView, 'id' | 'verdict' | 'failure'>

test('a report in English is the report', () => {
  const report = { ...REPORT, findings: [...REPORT.findings] }
  expect(reportInLanguage(report, 'en')).toBe(report)
})

test('a report in Chinese has texts and pages in Chinese, and all else as it was', () => {
  const report = reportInLanguage({ ...REPORT, findings: [...REPORT.findings] }, 'zh')
  expect(report).toMatchObject({ more: 1, verdict: { verdict: 'proved', because: '已由 Go 加载' } })
  expect(report.findings).toEqual([
    { ...FINDING, message: '它没有目标', hint: '去掉它。', docs: '/docs/rules.zh#links' },
  ])
  expect(rulesOf([FINDING, ...report.findings])).toEqual(['links'])
})

test('what was mended, and as what it was taken, is told in Chinese', () => {
  const zh = { asBecause: '它没有声明依赖', mended: ['权限已设为 0644'] }
  const told = { asBecause: 'it declares no dependencies', mended: ['modes set to 0644'], zh }
  expect(reportInLanguage({ ...REPORT, findings: [], ...told }, 'zh')).toMatchObject(zh)
})

test('what came of a test event is told in Chinese, and what is no text stays', () => {
  const message = 'the handler fails: Error: x'
  const test = { ok: false, message, zh: { message: '执行入口失败：Error: x' }, output: ['a line'] }
  const told = reportInLanguage({ ...REPORT, findings: [], test }, 'zh').test
  expect(told).toMatchObject({ ok: false, message: '执行入口失败：Error: x', output: ['a line'] })
})

test('a report that was written before it had Chinese texts is told in English', () => {
  const { zh, ...old } = FINDING
  const before = { verdict: { verdict: 'proved', because: 'loaded by Go' } as const }
  const report = reportInLanguage({ ...before, findings: [old as Finding] }, 'zh')
  expect(report.verdict).toEqual(before.verdict)
  expect(report.findings).toMatchObject([{ message: 'it leads nowhere', hint: 'Take it out.' }])
})

test('a failure has its findings, title and hint in the language', () => {
  const plain = toFailure(new PacklineError('NOT_FOUND', 'nothing'))
  expect(failureInLanguage(plain, 'en')).toBe(plain)
  expect(failureInLanguage(plain, 'zh')).toEqual({ ...plain, ...FAILURES_ZH.NOT_FOUND })
  const failure = failureInLanguage({ ...plain, findings: [FINDING] }, 'zh')
  expect(failure.findings).toMatchObject([{ message: '它没有目标' }])
  expect(failureInLanguage(failure, 'en')).toBe(failure)
})

test('a hint of this case alone is kept behind that of its kind', () => {
  const { title, hint } = FAILURES_ZH.CONFLICT
  const own = {
    code: 'CONFLICT',
    title: FAILURES.CONFLICT.title,
    detail: 'no',
    hint: 'Wait for b1.',
  } as const
  expect(wordsInLanguage(own, 'zh')).toEqual({
    title,
    detail: 'no',
    hint: `${hint}（Wait for b1.）`,
  })
  expect(wordsInLanguage({ ...own, hint: FAILURES.CONFLICT.hint }, 'zh')).toMatchObject({ hint })
  expect(wordsInLanguage(own, 'en')).toMatchObject({ title: own.title, hint: own.hint })
})

test('a failure that is told in both languages has the detail and hint of the asked one', () => {
  const detail = { en: 'gcc ran for 3 s', zh: 'gcc 运行了 3 秒' }
  const hint = { en: 'Do less.', zh: '请减少内容。' }
  const own = toFailure(failed('TIMED_OUT', { detail, hint }))
  expect(own).toMatchObject({ detail: detail.en, hint: hint.en })
  const told = { title: FAILURES_ZH.TIMED_OUT.title, detail: detail.zh }
  expect(failureInLanguage(own, 'zh')).toMatchObject({ ...told, hint: hint.zh })
  const plain = failureInLanguage(toFailure(failed('TIMED_OUT', { detail })), 'zh')
  expect(plain).toMatchObject({ ...told, hint: FAILURES_ZH.TIMED_OUT.hint })
})

test('an event has its failure and verdict in the language', () => {
  const failure = toFailure(new PacklineError('NOT_FOUND', 'nothing'))
  const at = '2026-01-05T08:00:00.000Z'
  const told = { failure: { title: FAILURES_ZH.NOT_FOUND.title } }
  const ended: BuildEvent = { seq: 2, at, type: 'failed', failure }
  expect(eventInLanguage(ended, 'zh')).toMatchObject(told)
  const again: BuildEvent = { seq: 2, at, type: 'requeued', reason: 'r', delayMs: 1, failure }
  expect(eventInLanguage(again, 'zh')).toMatchObject(told)
  const queued: BuildEvent = { seq: 1, at, type: 'queued', queue: 'go' }
  expect(eventInLanguage(queued, 'zh')).toBe(queued)
})

test('a warning, and what is waited for, are in the language where they have it', () => {
  const own = { seq: 1, at: '2026-01-05T08:00:00.000Z' }
  const warning: BuildEvent = { ...own, type: 'warning', message: 'no', zh: { message: '无' } }
  expect(eventInLanguage(warning, 'zh')).toMatchObject({ message: '无' })
  expect(eventInLanguage(warning, 'en')).toBe(warning)
  const waiting: BuildEvent = { ...own, type: 'waiting', for: 'go', zh: { for: '等 go' } }
  expect(eventInLanguage(waiting, 'zh')).toMatchObject({ for: '等 go' })
  const older: BuildEvent = { ...own, type: 'warning', message: 'no' }
  expect(eventInLanguage(older, 'zh')).toEqual(older)
  const build = { id: 'b1', waitingFor: 'go', zh: { waitingFor: '等 go' } }
  expect(buildInLanguage(build as Seen, 'zh')).toMatchObject({ waitingFor: '等 go' })
})

test('a batch has what was found in its repository in the language', () => {
  const repository = { untouched: ['one'], warnings: ['no'], zh: { warnings: ['无'] } }
  const batch = { id: 'B1', repository } as BatchView
  const told = { untouched: ['one'], warnings: ['无'] }
  expect(batchInLanguage(batch, 'zh')).toMatchObject({ id: 'B1', repository: told })
  expect(batchInLanguage(batch, 'en')).toEqual(batch)
})

test('a build as it is seen has verdict and failure in the language', () => {
  const failure = toFailure(new PacklineError('COMPILE_FAILED', 'no'))
  const seen = buildInLanguage({ id: 'b1', verdict: REPORT.verdict, failure } as Seen, 'zh')
  expect(seen).toMatchObject({
    id: 'b1',
    verdict: { because: '已由 Go 加载' },
    failure: FAILURES_ZH.COMPILE_FAILED,
  })
  expect(buildInLanguage({ id: 'b2' } as Seen, 'zh')).toEqual({ id: 'b2' })
})

test('a delivery says in the language why nothing of it, or not all of it, is built', () => {
  const told = { id: 'd1', receivedAt: '2026-01-01T00:00:00Z', event: 'push' } as const
  const ignored = {
    ...told,
    outcome: 'ignored',
    reason: 'the hook is not active',
    zh: { reason: 'webhook 已停用' },
  } as const
  expect(deliveryInLanguage(ignored, 'zh')).toMatchObject({ reason: 'webhook 已停用' })
  expect(deliveryInLanguage(ignored, 'en')).toBe(ignored)
  const one = { function: 'two', code: 'HANDLER_FORM', detail: 'no' } as const
  const unfit = [{ ...one, zh: { detail: '不是' } }, one]
  const partly = deliveryInLanguage({ ...told, outcome: 'accepted', unfit }, 'zh')
  expect(partly.unfit?.map(({ detail }) => detail)).toEqual(['不是', 'no'])
  const warned = {
    ...told,
    outcome: 'accepted' as const,
    warnings: ['no'],
    zh: { warnings: ['无'] },
  }
  expect(deliveryInLanguage(warned, 'zh')).toMatchObject({ warnings: ['无'] })
})

test('every Chinese text is in Chinese', () => {
  for (const [code, { title, hint }] of Object.entries(FAILURES_ZH)) {
    expect([code, title, hint]).toEqual([
      code,
      expect.stringMatching(/\p{Script=Han}/u),
      expect.stringMatching(/\p{Script=Han}/u),
    ])
  }
})
