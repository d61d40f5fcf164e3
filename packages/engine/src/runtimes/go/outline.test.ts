import { expect, test } from 'vitest'
import { outlineOf } from './outline.ts'

const SOURCE = `// Package main is not "package other".
package main

import (
	"fmt"
	named "example.com/named" // "example.com/not-me"
)
import _ "embed"
import "C"

/*
func Commented() {}
*/
var Version, build = "1", "2"

var (
	Handler func(int) = func(n int) {
		var Inner = 1
		_ = Inner
	}
	raw = \`
func InRaw() {}
\`
)

type Thing struct{ Field int }

func (Thing) Method() {}

func Serve(n int) string {
	func() { fmt.Println('}', "}") }()
	return "func InText() {"
}

	func Indented () {}

func Generic[T any](T) {}
`

test('the top level of a file is read: package, imports and names with their lines', () => {
  const outline = outlineOf(SOURCE)
  expect(outline.package).toBe('main')
  expect(outline.constraint).toBeUndefined()
  expect(outline.imports).toEqual(['fmt', 'example.com/named', 'embed', 'C'])
  expect(outline.declarations).toEqual([
    { name: 'Version', line: 14, kind: 'variable' },
    { name: 'build', line: 14, kind: 'variable' },
    { name: 'Handler', line: 17, kind: 'variable' },
    { name: 'raw', line: 21, kind: 'variable' },
    { name: 'Thing', line: 26, kind: 'type' },
    { name: 'Method', line: 28, kind: 'method', receiver: 'Thing' },
    { name: 'Serve', line: 30, kind: 'function' },
    { name: 'Indented', line: 35, kind: 'function' },
  ])
})

const names = (text: string) => {
  return outlineOf(`package main\n${text}`).declarations.map(({ name }) => name)
}

test('calls over several lines end neither a group nor a statement', () => {
  const group =
    'var (\n\ta = f(\n\t\tB,\n\t\tC)\n\td = 1 +\n\t\tE\n\tHandler = func() {}\n)\nvar g = x.\n\tH\n'
  expect(names(group)).toEqual(['a', 'd', 'Handler', 'g'])
  expect(
    names(
      'const (\n\tA = iota\n\tB; C\n)\ntype (\n\tD int\n\tE[T any] struct {\n\t\tF int\n\t}\n)\n',
    ),
  ).toEqual(['A', 'B', 'C', 'D', 'E'])
  expect(
    names('var Handler, Other = a.B, c.D\nfunc (s *p.Server[K, V]) Serve(x int) {}\n'),
  ).toEqual(['Handler', 'Other', 'Serve'])
})

test('the constraint above the package clause is read', () => {
  expect(outlineOf('//go:build linux && !cgo\n\npackage main\n').constraint).toBe('linux && !cgo')
  expect(outlineOf('package main\n\n//go:build ignore\n').constraint).toBeUndefined()
})

test('text that is no Go ends without a result', () => {
  for (const text of ['', '\0\xff', '{{{', '"', '`', '/*', 'import (', 'var (', "'"]) {
    expect(outlineOf(text).declarations).toEqual([])
  }
})

test('names in other scripts count', () => {
  const { declarations } = outlineOf('package main\n\nfunc 处理(п int) {}\n\nvar Ünï = 1\n')
  expect(declarations.map(({ name }) => name)).toEqual(['处理', 'Ünï'])
})

test('a quarter of a megabyte of anything is read in a moment', () => {
  const lines = ['var (', 'import (', 'func A() {}', 'var A, B = 1, 2', '"', '`', '/*', "'", '{']
  for (const line of lines) {
    const text = `package main\n${`${line}\n`.repeat((256 * 1024) / (line.length + 1))}`
    const started = performance.now()
    outlineOf(text)
    outlineOf(text.replaceAll('\n', ' '))
    expect(performance.now() - started, line).toBeLessThan(5000)
  }
})
