import { expect, test } from 'vitest'
import { type TestFile, treeOf } from '../../../../../test/harness/subject.ts'
import { detect } from './detect.ts'

const PROGRAM = { bytes: Buffer.from('\x7fELF'), executable: true }

test('go.mod tells, and whether it declares modules', async () => {
  const plain = { 'go.mod': 'module a\n', 'main.go': 'package main\n' }
  expect(await detect(treeOf(plain))).toEqual({ because: 'go.mod' })
  const needs = { 'go.mod': 'module a\n\nrequire example.com/b v1.0.0\n' }
  expect(await detect(treeOf(needs))).toEqual({ because: 'go.mod', declares: 'require in go.mod' })
  const work = { 'go.work': 'use ./a\n', 'a/go.mod': 'module a\n', 'a/main.go': 'package main\n' }
  expect(await detect(treeOf(work))).toEqual({ because: 'go.work' })
})

test('without go.mod a Go file at the root tells', async () => {
  expect(await detect(treeOf({ 'hello.go': '', 'x/y.py': '' }))).toEqual({ because: 'hello.go' })
  expect(await detect(treeOf({ 'sub/hello.go': '' }))).toBeUndefined()
})

test('a plugin or an executable without code is a finished package', async () => {
  expect(await detect(treeOf({ 'hello.so': '' }))).toEqual({
    because: 'hello.so',
    finished: 'hello.so',
  })
  expect(await detect(treeOf({ hello: PROGRAM, 'data.json': '' }))).toEqual({
    because: 'hello',
    finished: 'hello',
  })
  expect(await detect(treeOf({ 'hello.so': '', 'main.go': '' }))).toEqual({
    because: 'main.go',
    finished: 'hello.so',
  })
})

test('what belongs to another language is not taken for Go', async () => {
  const others: Record<string, TestFile>[] = [
    { bootstrap: PROGRAM, run: PROGRAM },
    { 'x.cpython-310-x86_64-linux-gnu.so': '' },
    { 'hello.so': '', 'index.py': '' },
    { 'index.js': '', tool: PROGRAM },
    { Makefile: '' },
    { 'run.sh': PROGRAM },
  ]
  for (const files of others) expect(await detect(treeOf(files))).toBeUndefined()
})
