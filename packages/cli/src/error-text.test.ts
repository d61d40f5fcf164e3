import { FAILURES_ZH, failed, PacklineError, toFailure } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { errorText, failureText } from './error-text.ts'

describe('what stopped a command', () => {
  test('is said without the words of a server where it is a mistake in the options', () => {
    const error = new PacklineError('INVALID_REQUEST', 'There is no folder here')
    expect(errorText(error)).toBe('error     There is no folder here')
  })

  test('has a title, what was found, and what to do, at least in general', () => {
    const error = new PacklineError('ARCHIVE_DAMAGED', 'It ends after 3 bytes')
    expect(errorText(error)).toMatch(
      /^error {5}The archive is damaged\n {10}It ends after 3 bytes\nmend {6}\S/,
    )
    const hinted = new PacklineError('ARCHIVE_DAMAGED', 'x', { hint: 'Copy it again.' })
    expect(errorText(hinted)).toMatch(/\nmend {6}Copy it again\.$/)
  })

  test('is said in Chinese where that is asked for', () => {
    const detail = { en: 'It ends after 3 bytes', zh: '它在 3 字节后结束' }
    const error = failed('ARCHIVE_DAMAGED', { detail, hint: { en: 'x', zh: '重新复制。' } })
    expect(errorText(error, 'zh').split('\n')).toEqual([
      `error     ${FAILURES_ZH.ARCHIVE_DAMAGED.title}`,
      '          它在 3 字节后结束',
      'mend      重新复制。',
    ])
  })

  test('names the option that says the field of a request', () => {
    const detail = { en: 'handler is missing', zh: '缺少 handler' }
    const hint = { en: 'Name the place.', zh: '请指定位置。' }
    const error = failed('HANDLER_FORM', { detail, hint }, { at: 'handler' })
    expect(errorText(error)).toMatch(/\nmend {6}Name the place: --handler$/)
    expect(errorText(error, 'zh')).toMatch(/\nmend {6}请指定位置：--handler$/)
    const ofManifest = failed('HANDLER_FORM', { detail, hint }, { at: 'functions.one.handler' })
    expect(errorText(ofManifest)).toMatch(/\nmend {6}Name the place\.$/)
  })

  test('of our own options stays English, hint and all', () => {
    const error = new PacklineError('INVALID_REQUEST', 'There is no folder', { hint: 'Make it.' })
    expect(errorText(error, 'zh')).toBe('error     There is no folder\nmend      Make it.')
  })

  test('has a stack only where it is our mistake', () => {
    expect(errorText(new TypeError('x is not y'))).toMatch(/made a mistake\nTypeError: x .*\n +at /)
    expect(errorText('thrown text')).toBe('error: packline made a mistake\nthrown text')
  })
})

describe('a failed build', () => {
  test('names step, kind, what was found and what to do; the tool has spoken before', () => {
    const said = { hint: 'Mend line 3.', output: ['main.go:3: no'] }
    const error = new PacklineError('COMPILE_FAILED', 'main.go:3: no', said)
    expect(failureText(toFailure(error, 'make')).split('\n')).toEqual([
      'failed    at make: The code does not compile (COMPILE_FAILED)',
      'found     main.go:3: no',
      'mend      Mend line 3.',
    ])
  })

  test('lists its findings instead of the first of them twice', () => {
    const findings = [
      {
        rule: 'bootstrap',
        level: 'error',
        message: 'it has CRLF',
        hint: 'Save it anew.',
        zh: { message: '行尾是 CRLF', hint: '重新保存。' },
      },
      {
        rule: 'links',
        level: 'error',
        message: 'it leaves',
        hint: 'Take it out.',
        zh: { message: '它指向包外', hint: '去掉它。' },
        path: 'x',
      },
    ] as const
    const failure = {
      ...toFailure(new PacklineError('VALIDATION_FAILED', 'bootstrap: it has CRLF'), 'validate'),
      findings: [...findings],
    }
    expect(failureText(failure).split('\n')).toEqual([
      expect.stringMatching(/^failed {4}at validate: .*\(VALIDATION_FAILED\)$/),
      'error     bootstrap: it has CRLF',
      'mend      Save it anew.',
      'error     links: it leaves [x]',
      'mend      Take it out.',
      'more      packline explain bootstrap links',
    ])
  })
})
