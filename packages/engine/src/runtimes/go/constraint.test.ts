import { expect, test } from 'vitest'
import { isBuilt } from './constraint.ts'
import { outlineOf } from './outline.ts'

function built(path: string, source = 'package main\n'): boolean {
  return isBuilt(path, outlineOf(source), { processor: 'amd64', goVersion: '1.26.8' })
}

// As the go command's own documentation has it ("go help buildconstraint").
test.each([
  ['main.go', true],
  ['a_linux.go', true],
  ['cmd/a_linux_amd64.go', true],
  ['a_amd64.go', true],
  ['a_windows.go', false],
  ['a_arm64.go', false],
  ['a_linux_arm64.go', false],
  ['a_darwin_amd64.go', false],
  ['linux.go', true],
  ['windows.go', true],
  ['a_unix.go', true],
  ['a_windows_service.go', true],
])('by its name %s is compiled for Linux on x86_64: %s', (path, expected) => {
  expect(built(path)).toBe(expected)
})

test.each([
  ['linux', true],
  ['ignore', false],
  ['!windows', true],
  ['linux && !cgo', false],
  ['windows || linux', true],
  ['(windows || linux) && amd64', true],
  ['!(windows || linux)', false],
  ['unix && gc && go1.26', true],
  ['go1.27', false],
  ['windows && linux || amd64', true],
  ['amd64 || windows && nothing', true],
  ['!!linux', true],
])('by its constraint %s it is compiled: %s', (constraint, expected) => {
  expect(built('a.go', `// Copyright.\n\n//go:build ${constraint}\r\n\npackage main\n`)).toBe(
    expected,
  )
})

test('a constraint below the package clause is a comment, one that is no expression holds', () => {
  expect(built('a.go', 'package main\n\n//go:build ignore\n')).toBe(true)
  for (const odd of ['(', '&&', '!', '|| linux', '!'.repeat(5000), '('.repeat(5000)]) {
    expect(() => built('a.go', `//go:build ${odd}\n\npackage main\n`)).not.toThrow()
  }
})
