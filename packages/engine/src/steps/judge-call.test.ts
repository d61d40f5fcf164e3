import { expect, test } from 'vitest'
import { verbatim } from '../words.ts'
import { judgeCall, notCalled } from './judge-call.ts'

const answered = (answer: unknown) => ({ ok: true, answer, ms: 1, output: ['a line'] })
const judge = (answer: unknown, expected: never, same = true) =>
  judgeCall(answered(answer), { event: {}, expect: expected }, same)

test('an answer is good when it has what is expected, however much more', () => {
  const answer = { status: 200, body: { name: 'a', more: [1] }, extra: true }
  const { report, findings } = judge(answer, { status: 200, body: { name: 'a' } } as never)
  expect(findings).toEqual([])
  expect(report).toEqual({ ok: true, answer, ms: 1, output: ['a line'] })
  expect(judgeCall(answered(undefined), { event: {} }, true).report.ok).toBe(true)
})

test.each([
  [{ a: { b: 1 } }, { a: { b: 2 } }, 'the answer.a.b is 1; expected 2'],
  [{ a: [1, 2] }, { a: [1] }, 'the answer.a is [1,2]; expected [1]'],
  [{}, { a: null }, 'the answer.a is nothing; expected null'],
  ['text', { a: 1 }, 'the answer is "text"; expected {"a":1}'],
  [undefined, 1, 'the answer is nothing; expected 1'],
])('%j is not %j, and the place is told', (answer, expected, said) => {
  const { report, findings } = judge(answer, expected as never)
  expect(report).toMatchObject({ ok: false, message: said })
  expect(findings).toMatchObject([
    { rule: 'test-event', level: 'error', message: `called with the test event, ${said}` },
  ])
})

test('under another version, and where nothing can call it, it is a warning', () => {
  expect(judge(1, 2 as never, false).findings).toMatchObject([{ level: 'warning' }])
  const { report, findings } = notCalled(verbatim('no such runtime here'))
  expect(report).toMatchObject({ ok: false, output: [] })
  expect(report.message).toBe('the handler was not called: no such runtime here')
  expect(report.zh?.message).toBe('没有调用执行入口：no such runtime here')
  expect(findings).toMatchObject([{ level: 'warning' }])
})

test('a handler that fails says why and where', () => {
  const failed = { ok: false, message: 'TypeError: no', path: 'index.js', line: 4, output: [] }
  const { report, findings } = judgeCall(failed, { event: {} }, true)
  expect(report.message).toBe('the handler fails: TypeError: no')
  expect(report.zh?.message).toBe('执行入口失败：TypeError: no')
  expect(findings).toMatchObject([{ level: 'error', path: 'index.js', line: 4 }])
})
