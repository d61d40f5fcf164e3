import { expect, test } from 'vitest'
import { errorForLog } from './error-for-log.ts'

const CANARY = 'canary-5Tq8-of-a-log'

test('says what an error is called, what it says, and where it was thrown', () => {
  const cause = Object.assign(new TypeError('the first'), { code: 'E_FIRST' })
  const logged = errorForLog(new Error('the second', { cause }))
  expect(logged).toEqual({
    type: 'Error',
    message: 'the second',
    stack: expect.stringMatching(/^ {4}at .*error-for-log\.test\.ts/),
    cause: { type: 'TypeError', code: 'E_FIRST', message: 'the first', stack: expect.any(String) },
  })
})

test.each<[string, () => unknown]>([
  [
    'the arguments of a command, which ioredis hangs on it',
    () => Object.assign(new Error('NOPERM'), { command: { name: 'evalsha', args: [CANARY] } }),
  ],
  ['the text that is no JSON', () => thrown(() => JSON.parse(`{"token": ${CANARY}}`))],
  [
    'the text that is no JSON, as a cause',
    () => new Error('x', { cause: thrown(() => JSON.parse(`${CANARY}`)) }),
  ],
  ['a password of an address', () => new Error(`no answer of redis://me:${CANARY}@redis:6379/0`)],
  ['a token of an address', () => new Error(`no answer of "https://${CANARY}@git.example/a"`)],
  ['a query of an address', () => new Error(`https://store.example/a?Signature=${CANARY} is 403`)],
  ['the lines of a tool', () => Object.assign(new Error('ended'), { output: [CANARY] })],
  ['what one of several hangs on it', () => new AggregateError([withBody()], 'all')],
])('leaves out %s', (_what, make) => {
  const text = JSON.stringify(errorForLog(make()))
  expect(text).not.toContain(CANARY)
  expect(text.length).toBeGreaterThan(30)
})

test('ends, however long a message and however many causes', () => {
  const round = new Error('x'.repeat(1e6))
  round.cause = round
  expect(JSON.stringify(errorForLog(round)).length).toBeLessThan(30_000)
  expect(errorForLog('thrown as a text')).toEqual({ type: 'string', message: 'thrown as a text' })
})

const withBody = () => Object.assign(new Error('one'), { body: CANARY })

function thrown(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}
