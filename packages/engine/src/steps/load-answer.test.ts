import { expect, test } from 'vitest'
import type { ToolResult } from '../process/command.ts'
import { DEFAULT_LIMITS } from '../process/limits.ts'
import { OverLimit } from '../process/over-limit.ts'
import { limitFailures } from '../texts/failures/limits.ts'
import { processFailures } from '../texts/failures/process.ts'
import { listenFor } from './load-answer.ts'

const ENDED: ToolResult = {
  exitCode: 3,
  signal: null,
  ms: 1,
  stdout: '',
  stderr: '',
  output: ['one', 'two', 'three', 'four', 'five', 'six'],
}
const LATE = new OverLimit('TIMED_OUT', processFailures.timedOut('node', 30), [])

function heard(lines: readonly string[], end: ToolResult | OverLimit = ENDED) {
  const log: string[] = []
  const { onLine, answer } = listenFor('t0ken', (line) => log.push(line))
  for (const line of lines) onLine(line)
  return { ...answer(end), log }
}

test('the answer is heard among all that is printed, which goes on to the log', () => {
  expect(heard(['hello', '', 't0ken {"ok":true}', 'bye', 't0ken', 'x t0ken {"ok":false}'])).toEqual(
    {
      ok: true,
      log: ['hello', 'bye', 't0ken', 'x t0ken {"ok":false}'],
    },
  )
})

test('the first answer counts: nothing that comes after it takes it back', () => {
  const lines = ['t0ken {"ok":false,"message":"no"}', 't0ken {"ok":true}']
  expect(heard(lines)).toMatchObject({ ok: false, message: 'no' })
  expect(heard(['t0ken {"ok":true}'], LATE)).toMatchObject({ ok: true })
})

test('after it comes what was called, with all that was printed between the two', () => {
  const { onLine, called } = listenFor('t0ken', () => undefined)
  const more = Array.from({ length: 50 }, (_, at) => `line ${at}`)
  const answer = 't0ken {"called":{"ok":true,"answer":{"a":[1]},"ms":2}}'
  for (const line of ['before', 't0ken {"ok":true}', ...more, answer, 'after']) onLine(line)
  expect(called(ENDED)).toEqual({ ok: true, answer: { a: [1] }, ms: 2, output: more.slice(10) })
})

test('a call that never answers is how the process ended', () => {
  const { onLine, called } = listenFor('t0ken', () => undefined)
  onLine('t0ken {"ok":true}')
  expect(called(ENDED).message).toMatch(/^the process ended with exit code 3 while called/)
  expect(called(LATE)).toMatchObject({
    message: LATE.message,
    zh: 'node 运行了 30 s，达到了上限',
    hint: { en: expect.stringContaining('set build.load to false') },
  })
  onLine('t0ken {"ok":true}')
  expect(called(ENDED)).toMatchObject({
    ok: false,
    message: expect.stringContaining('could not be read'),
  })
})

test('without an answer it is how the process ended, with its last words', () => {
  expect(heard(['{"ok":true}'])).toMatchObject({
    ok: false,
    message: 'the process ended with exit code 3 while loading\ntwo\nthree\nfour\nfive\nsix',
  })
  const killed = { ...ENDED, exitCode: null, signal: 'SIGSEGV', output: [] }
  expect(heard([], killed).message).toBe('the process ended with signal SIGSEGV while loading')
  expect(heard([], LATE).message).toBe('node ran for 30 s, its limit')
})

test('a limit that has ended it says how it is raised', () => {
  const greedy = new OverLimit('OUT_OF_MEMORY', limitFailures.memory('node', DEFAULT_LIMITS), [])
  expect(heard([], greedy)).toMatchObject({
    ok: false,
    hint: {
      en: expect.stringContaining('PACKLINE_MEMORY_MIB_MAX'),
      zh: expect.stringContaining('PACKLINE_MEMORY_MIB_MAX'),
    },
  })
})

test('what a loader finds is said in both languages, with what the code says as it said it', () => {
  expect(heard(['t0ken {"ok":false,"fault":"noExport","found":["go"],"path":"a.js"}'])).toEqual({
    ok: false,
    message: 'it exports no function "go"',
    zh: '它没有导出函数 "go"',
    path: 'a.js',
    log: [],
  })
  const { onLine, called } = listenFor('t0ken', () => undefined)
  onLine('t0ken {"ok":true}')
  const unfit = '"fault":"eventUnfit","found":["main.Order"],"message":"no number"'
  onLine(`t0ken {"called":{"ok":false,${unfit}}}`)
  expect(called(ENDED)).toMatchObject({
    message: 'the event does not fit main.Order: no number',
    zh: '事件与 main.Order 不符：no number',
  })
})

test.each([
  '{',
  '[]',
  '{"ok":1}',
  '{"ok":true,"line":-1}',
  '{"ok":false,"fault":"none of ours"}',
  '{"ok":false,"fault":"noExport"}',
  `{"ok":true,"message":"${'x'.repeat(4001)}"}`,
])('an answer that can not be read is none: %s', (text) => {
  expect(heard([`t0ken ${text}`])).toMatchObject({
    ok: false,
    message: expect.stringMatching(/^the load check's answer could not be read: /),
  })
})

test('an answer that came in pieces is taken whole', () => {
  const whole = JSON.stringify({ ok: false, message: '错'.repeat(3000) })
  const stdout = `noise\nt0ken ${whole}\n`
  const pieces = [`t0ken ${whole.slice(0, 2700)}`, whole.slice(2700)]
  expect(heard(pieces, { ...ENDED, stdout }).message).toBe('错'.repeat(3000))
})
