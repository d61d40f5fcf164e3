import { expect, test } from 'vitest'
import type { ToolResult } from '../../process/command.ts'
import type { Stage } from '../runtime.ts'
import { explain } from './explain.ts'

const FETCH: Stage = {
  name: 'go modules',
  argv: [],
  network: 'registries',
  tools: [],
  because: 'go.mod asks for Go 1.99, this worker has Go 1.26.8',
  failure: 'INSTALL_FAILED',
}
const BUILD: Stage = { ...FETCH, name: 'go build', network: 'none', failure: 'COMPILE_FAILED' }

function explained(stage: Stage, text: string) {
  const output = text.split('\n')
  const result: ToolResult = {
    exitCode: 1,
    signal: null,
    ms: 1,
    stdout: '',
    stderr: text,
    output,
  }
  const error = explain(stage, result)
  return error && `${error.code}: ${error.message}`
}

const PROXY = 'https://proxy.example/github.com/a/b/@v'

// As Go 1.26 prints them, with the addresses of an example.
test.each([
  [
    `go: downloading github.com/a/b v1.0.0\nmain.go:6:2: github.com/a/b@v1.0.0: reading ${PROXY}/v1.0.0.zip: 404 Not Found\n\tserver response: not found`,
    'DEPENDENCY_NOT_FOUND: go modules found no github.com/a/b@v1.0.0 (main.go:6)',
  ],
  [
    `main.go:6:2: module github.com/a/b: reading ${PROXY}/list: 404 Not Found`,
    'DEPENDENCY_NOT_FOUND: go modules found no github.com/a/b (main.go:6)',
  ],
  [
    'main.go:6:2: no required module provides package github.com/a/b; to add it:\n\tgo get github.com/a/b',
    'DEPENDENCY_NOT_FOUND: go modules found no github.com/a/b (main.go:6)',
  ],
  [
    'go: github.com/a/b@v1.0.0: invalid version: git ls-remote -q origin: exit status 128',
    'DEPENDENCY_NOT_FOUND: go modules found no github.com/a/b@v1.0.0',
  ],
  [
    'main.go:7:2: package nothing/here is not in std (/usr/local/go/src/nothing/here)',
    'DEPENDENCY_NOT_FOUND: go modules found no nothing/here (main.go:7)',
  ],
  [
    `main.go:6:2: github.com/a/b@v1.0.0: Get "${PROXY}/v1.0.0.zip": dial tcp 127.0.0.1:9: connect: connection refused`,
    'REGISTRY_UNAVAILABLE: go modules could not reach the module proxy',
  ],
  [
    `main.go:6:2: github.com/a/b@v1.0.0: reading ${PROXY}/v1.0.0.zip: 502 Bad Gateway`,
    'REGISTRY_UNAVAILABLE: go modules could not reach the module proxy',
  ],
  [
    'main.go:6:2: github.com/a/b@v1.0.0: module lookup disabled by GOPROXY=off',
    'REGISTRY_UNAVAILABLE: go modules: the worker is configured to fetch no modules (GOPROXY=off)',
  ],
  [
    'verifying github.com/a/b@v1.0.0/go.mod: checksum mismatch\n\nSECURITY ERROR',
    'INSTALL_FAILED: github.com/a/b@v1.0.0/go.mod is not what go.sum says it is',
  ],
  [
    'main.go:6:2: missing go.sum entry for module providing package github.com/a/b (imported by x); to add:\n\tgo get x',
    'INSTALL_FAILED: go.sum has no entry for github.com/a/b',
  ],
  [
    'main.go:7:2: github.com/a/b@v1.6.0: missing go.sum entry for go.mod file; to add it:\n\tgo mod download github.com/a/b',
    'INSTALL_FAILED: go.sum has no entry for github.com/a/b@v1.6.0',
  ],
  [
    "go: errors parsing go.mod:\ngo.mod:3: invalid go version '1.x': must match format 1.23.0",
    "MANIFEST_INVALID: go.mod:3: invalid go version '1.x': must match format 1.23.0",
  ],
  [
    'go: github.com/a/b@v1.0.0 requires go >= 1.99 (running go 1.26.8; GOTOOLCHAIN=local)',
    'TOOL_MISSING: Go 1.99 can not be had: github.com/a/b@v1.0.0 asks for it, this worker has Go 1.26.8',
  ],
  [
    'go: go.mod requires go >= 1.99 (running go 1.25.1; GOTOOLCHAIN=go1.25.1)',
    "MANIFEST_INVALID: go.mod asks for Go 1.99; the platform's plugin host is Go 1.25.1",
  ],
  [
    'go: download go1.99.0: golang.org/toolchain@v0.0.1-go1.99.0.linux-amd64: reading x: 404 Not Found',
    'TOOL_MISSING: Go 1.99.0 can not be had: go.mod asks for Go 1.99, this worker has Go 1.26.8',
  ],
  [
    'main.go:3:15: expected operand, found {',
    'COMPILE_FAILED: main.go:3:15: expected operand, found {',
  ],
  ['killed', undefined],
])('fetching: %j', (text, expected) => {
  expect(explained(FETCH, text)).toBe(expected)
})

test.each([
  [
    '# example.com/hello\n./main.go:5:2: undefined: foo\n./main.go:7:9: too many errors',
    'COMPILE_FAILED: main.go:5:2: undefined: foo (and 1 more)',
  ],
  ['# example.com/x\ncmd/x/a.go:1:1: syntax error', 'COMPILE_FAILED: cmd/x/a.go:1:1: syntax error'],
  [
    'found packages main (a.go) and other (b.go) in /build/source',
    'COMPILE_FAILED: found packages main (a.go) and other (b.go) in /build/source',
  ],
  [
    '# runtime/cgo\ncgo: C compiler "gcc" not found: exec: "gcc": executable file not found in $PATH',
    'TOOL_MISSING: The C compiler gcc is not on this worker',
  ],
  [
    '# example.com/hello\nruntime.main_main·f: function main is undeclared in the main package',
    'COMPILE_FAILED: expected func main() in package main, where an executable starts; found none',
  ],
  // A program may print such words itself: nothing was asked of the network here.
  [
    '# x\n./main.go:1:1: dial tcp: connection refused',
    'COMPILE_FAILED: main.go:1:1: dial tcp: connection refused',
  ],
])('compiling: %j', (text, expected) => {
  expect(explained(BUILD, text)).toBe(expected)
})

test("the platform's own SDK is missed with another hint than any module", () => {
  const text = 'main.go:6:2: no required module provides package huaweicloud.com/go-runtime; to add'
  const result = { output: [text] } as ToolResult
  expect(explain(FETCH, result)?.hint).toContain('operator')
  const other = { output: [text.replace('huaweicloud', 'example')] } as ToolResult
  expect(explain(FETCH, other)?.hint).toContain('go get')
})

test('what go.mod asks for is told with its line there', () => {
  const stage = { ...FETCH, asked: { 'github.com/a/b': 'go.mod:5' } }
  const text = `main.go:6:2: github.com/a/b@v1.0.0: reading ${PROXY}/v1.0.0.zip: 404 Not Found`
  expect(explained(stage, text)).toContain('found no github.com/a/b@v1.0.0 (go.mod:5)')
})
