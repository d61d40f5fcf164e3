import { expect, test } from 'vitest'
import { FAILURES, PacklineError, toFailure } from './failure.ts'

const kinds = Object.entries(FAILURES)

test('every failure says what it is and what to do', () => {
  for (const [code, { title, hint, status }] of kinds) {
    expect([code, title]).toEqual([code, expect.stringMatching(/^[A-Z].*[^.]$/)])
    expect([code, hint]).toEqual([code, expect.stringMatching(/^[A-Z].*\.$/)])
    expect([code, status >= 400 && status < 600]).toEqual([code, true])
  }
})

test('what the caller has to mend is never tried again, but for a source that is away', () => {
  const again = kinds.filter(([, { blame, retry }]) => blame === 'caller' && retry)
  expect(again.map(([code]) => code)).toEqual(['SOURCE_UNREACHABLE'])
  for (const [code, { blame, status }] of kinds) {
    if (blame === 'platform') expect([code, status >= 500]).toEqual([code, true])
  }
})

test('an error of ours becomes a failure with its own hint, or else that of its kind', () => {
  const own = new PacklineError('ENTRY_MISSING', 'expected a.js', {
    hint: 'Add a.js.',
    output: ['x'],
  })
  expect(toFailure(own, 'make')).toEqual({
    code: 'ENTRY_MISSING',
    title: FAILURES.ENTRY_MISSING.title,
    blame: 'caller',
    detail: 'expected a.js',
    hint: 'Add a.js.',
    step: 'make',
    output: ['x'],
  })
  expect(toFailure(new PacklineError('FORMAT', 'text')).hint).toBe(FAILURES.FORMAT.hint)
})

test('any other error is a mistake of ours, and keeps its text from the user', () => {
  for (const error of [new Error('password=123'), 'password=123', undefined, null]) {
    const failure = toFailure(error, 'zip')
    expect(failure).toMatchObject({ code: 'BUG', blame: 'platform', step: 'zip' })
    expect(JSON.stringify(failure)).not.toContain('123')
  }
})
