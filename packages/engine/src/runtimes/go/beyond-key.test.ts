import { describe, expect, test } from 'vitest'
import { type TestFile, treeOf } from '../../../../../test/harness/subject.ts'
import { fileBeyondKey } from './beyond-key.ts'

const of = (files: Record<string, TestFile>, withC = true) => {
  return fileBeyondKey([treeOf({ 'main.go': 'package main\n', ...files })], { withC })
}

describe('Go code', () => {
  test.each([
    ['import "C"'],
    ['// #include "../inc/v.h"\nimport "C"'],
    ['import ("fmt"; "C")'],
    ['import (\n\t"fmt"\n\t/* "x" */ "C"\n)'],
    ['import "fmt"; import "C"'],
  ])('that says %j counts', async (text) => {
    expect(await of({ 'a/x.go': `package a\n\n${text}\n` })).toBe('a/x.go')
    expect(await of({ 'a/x.go': `package a\n\n${text}\n` }, false)).toBeUndefined()
  })

  test.each([
    ['var c = "C"'],
    ['// import "C"'],
    ['/*\nimport "C"\n*/'],
    ['const text = `\nimport "C"\n`'],
    ['import "c"'],
  ])('that says %j does not', async (text) => {
    expect(await of({ 'a/x.go': `package a\n\n${text}\n` })).toBeUndefined()
  })

  test.each([
    'vendor/example.com/b/b.go',
    'lib/b.go',
    'testdata/b.go',
    '_old/b.go',
    'b_windows.go',
  ])('counts wherever it lies, as %s', async (path) => {
    expect(await of({ [path]: '//go:build ignore\n\npackage b\n\nimport "C"\n' })).toBe(path)
  })

  test('that is a test or no file of Go does not', async () => {
    const text = 'package b\n\nimport "C"\n'
    expect(await of({ 'b_test.go': text, 'b.go.txt': text, 'b.c': text })).toBeUndefined()
  })

  test('that can not be told counts: links, files too long, too many to take apart', async () => {
    expect(await of({ 'b.go': { linkTarget: 'b.txt' } })).toBe('b.go')
    expect(await of({ 'b.go': Buffer.alloc(17 * 1024 * 1024) })).toBe('b.go')
    const long = `package b\n\nvar c = "C" // ${'x'.repeat(1024 * 1024)}\n`
    const names = ['b1.go', 'b2.go', 'b3.go', 'b4.go']
    expect(await of(Object.fromEntries(names.map((name) => [name, long])))).toBe('b4.go')
    expect(await of({ 'b1.go': long, 'b2.go': long })).toBeUndefined()
  })

  test('that SWIG makes counts', async () => {
    expect(await of({ 'b.swig': '' })).toBe('b.swig')
    expect(await of({ 'b.swigcxx': '' }, false)).toBeUndefined()
  })
})

describe('an assembler file', () => {
  const TEXT = 'TEXT ·f(SB), NOSPLIT, $0\n\tRET\n'

  test.each([
    ['#include "../inc/v.h"'],
    ['#include "v.h"'],
    ['#include "inc/textflag.h"'],
    ['#  include "v.h"'],
    ['#/* */include "v.h"'],
    ['#include /* "textflag.h" */ "../inc/v.h"'],
    ['#include "\\x2e\\x2e/inc/v.h"'],
  ])('with %s counts, with C or without', async (line) => {
    const files = { 'a/x_amd64.s': `${line}\n\n${TEXT}`, 'inc/v.h': '' }
    expect(await of(files)).toBe('a/x_amd64.s')
    expect(await of(files, false)).toBe('a/x_amd64.s')
  })

  test("with headers of Go's own does not", async () => {
    const text = `#include "textflag.h"\n #include\t"go_asm.h"\n\n${TEXT}`
    expect(await of({ 'x.s': text })).toBeUndefined()
    expect(await of({ 'x.s': TEXT })).toBeUndefined()
    expect(await of({ 'x.s': text, 'inc/textflag.h': '' })).toBe('x.s')
  })
})

test('the headers of all trees are known', async () => {
  const text = '#include "textflag.h"\n'
  const trees = [treeOf({ 'x.s': text }), treeOf({ '/build/sdk/go/textflag.h': '' })]
  expect(await fileBeyondKey(trees, { withC: false })).toBe('x.s')
})
