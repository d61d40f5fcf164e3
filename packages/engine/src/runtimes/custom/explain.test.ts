import { expect, test } from 'vitest'
import type { ToolResult } from '../../process/command.ts'
import type { Stage } from '../runtime.ts'
import { explain } from './explain.ts'

const MAKE: Stage = {
  name: 'make',
  argv: ['/usr/bin/make', 'build'],
  network: 'none',
  tools: [],
  because: '',
  failure: 'COMPILE_FAILED',
}
const COMMAND: Stage = {
  ...MAKE,
  name: 'build.command',
  argv: ['/bin/sh', '-c', 'exec "$@"', 'sh', './build.sh', '-x'],
}

function said(stage: Stage, text: string, exitCode: number | null = 2) {
  const output = text.split('\n')
  const result: ToolResult = { exitCode, signal: null, ms: 1, stdout: '', stderr: text, output }
  const error = explain(stage, result)
  return error && `${error.code}: ${error.message}`
}

// As GNU Make 4.3, gcc 12, dash and bash print them.
test.each([
  ['Makefile:3: *** missing separator.  Stop.', 'MANIFEST_INVALID: Makefile:3: missing separator'],
  [
    'gcc -o bootstrap main.c\nmain.c:3:5: error: unknown type name ‘x’\nmain.c:4:1: error: y\nmake: *** [Makefile:2: build] Error 1',
    'COMPILE_FAILED: main.c:3:5: error: unknown type name ‘x’ (and 1 more)',
  ],
  [
    'main.c:1:10: fatal error: none.h: No such file or directory\ncompilation terminated.',
    'COMPILE_FAILED: main.c:1:10: fatal error: none.h: No such file or directory',
  ],
  [
    'cargo build\nmake: cargo: No such file or directory\nmake: *** [Makefile:2: build] Error 127',
    'COMPILE_FAILED: cargo is neither in the source nor on this worker',
  ],
  [
    '/bin/sh: 1: cargo: not found\nmake: *** [Makefile:2: build] Error 127',
    'COMPILE_FAILED: cargo is neither in the source nor on this worker',
  ],
  [
    'false\nmake: *** [Makefile:7: build-hello] Error 1',
    'COMPILE_FAILED: Makefile:7: the recipe of build-hello ended with exit code 1',
  ],
  ['make: *** No rule to make target', undefined],
])('make: %j', (text, expected) => {
  expect(said(MAKE, text)).toBe(expected)
})

test.each([
  [
    'sh: 1: exec: cargo: not found',
    'COMPILE_FAILED: cargo is neither in the source nor on this worker',
  ],
  [
    './build.sh: line 2: zip: command not found',
    'COMPILE_FAILED: zip is neither in the source nor on this worker',
  ],
  ['oh no', 'COMPILE_FAILED: build.command (./build.sh -x) ended with exit code 2'],
])('command: %j', (text, expected) => {
  expect(said(COMMAND, text)).toBe(expected)
})

test('how a signal ended a command is told by who ran it', () => {
  expect(said(COMMAND, 'oh no', null)).toBeUndefined()
})
