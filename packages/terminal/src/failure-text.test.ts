import type { Failure } from '@packline/shared'
import { expect, test } from 'vitest'
import { failureText } from './failure-text.ts'

const failure: Failure = {
  code: 'COMPILE_FAILED',
  title: 'The code does not compile',
  blame: 'caller',
  detail: 'javac refused one file',
  hint: "Mend what the compiler's lines name.",
  step: 'make',
}

test('says what was found, how to mend it and what the tool said, at its end', () => {
  const output = Array.from({ length: 40 }, (_, index) => `line ${index}`)
  const lines = failureText('hello', { ...failure, output }).split('\n')
  expect(lines.slice(0, 3)).toEqual([
    'hello failed at make: The code does not compile (COMPILE_FAILED)',
    '  found  javac refused one file',
    "  mend   Mend what the compiler's lines name.",
  ])
  expect(lines.slice(3)).toHaveLength(12)
  expect(lines.at(-1)).toBe('  | line 39')
})

test('findings say more than the detail: each with its place and its own way out', () => {
  const findings = [
    { rule: 'handler-exists', level: 'error', message: 'no handler', path: 'a.js', line: 3 },
    { rule: 'links', level: 'error', message: 'leaves the package', path: 'x', hint: 'Remove it.' },
  ] as Failure['findings']
  expect(failureText('hello', { ...failure, step: undefined, findings })).toBe(
    [
      'hello failed before its first step: The code does not compile (COMPILE_FAILED)',
      '  handler-exists: no handler [a.js:3]',
      '  links: leaves the package [x]',
      '  mend   Remove it.',
      '  more   packline explain handler-exists links',
    ].join('\n'),
  )
})
