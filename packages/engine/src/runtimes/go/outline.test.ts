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

test('the top level of a file is read: package, imports, functions and variables with lines', () => {
  const outline = outlineOf(SOURCE)
  expect(outline.package).toBe('main')
  expect(outline.ignored).toBe(false)
  expect(outline.imports.toSorted()).toEqual(['C', 'embed', 'example.com/named', 'fmt'])
  expect(outline.declarations).toEqual([
    { name: 'Version', line: 14 },
    { name: 'build', line: 14 },
    { name: 'Handler', line: 17 },
    { name: 'raw', line: 21 },
    { name: 'Serve', line: 30 },
    { name: 'Indented', line: 35 },
  ])
})

test('a file that no build takes says so', () => {
  expect(outlineOf('//go:build ignore\n\npackage main\n').ignored).toBe(true)
  expect(outlineOf('//go:build linux\n\npackage main\n').ignored).toBe(false)
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
