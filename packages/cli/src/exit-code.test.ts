import { type FailureCode, PacklineError } from '@packline/shared'
import { CommanderError } from 'commander'
import { expect, test } from 'vitest'
import { exitCodeOf } from './exit-code.ts'

test.each<[FailureCode, number]>([
  ['VALIDATION_FAILED', 1],
  ['COMPILE_FAILED', 1],
  ['ARCHIVE_REFUSED', 1],
  ['TOOL_MISSING', 1],
  ['INVALID_REQUEST', 2],
  ['HANDLER_FORM', 2],
  ['UNKNOWN_VERSION', 2],
  ['NOT_AUTHENTICATED', 3],
  ['SOURCE_NOT_ALLOWED', 3],
  ['SERVER_UNREACHABLE', 4],
  ['TIMED_OUT', 5],
])('%s ends with %i', (code, exit) => {
  expect(exitCodeOf(new PacklineError(code, 'so it is'))).toBe(exit)
})

test('usage ends with 2, help with 0, a mistake of ours with 1', () => {
  expect(exitCodeOf(new CommanderError(1, 'commander.unknownOption', 'no'))).toBe(2)
  expect(exitCodeOf(new CommanderError(0, 'commander.helpDisplayed', ''))).toBe(0)
  expect(exitCodeOf(new TypeError('x is not y'))).toBe(1)
})
