import { toFailure } from '@packline/shared'
import { expect, test } from 'vitest'
import { treeOf } from '../../../../../test/harness/subject.ts'
import { findMainPackage, type Search } from './main-package.ts'

const MAIN = 'package main\n\nfunc Handler() {}\n'

function found(files: Record<string, string>, search: Partial<Search> = {}) {
  const target = { processor: 'amd64', goVersion: '1.26.8' }
  return findMainPackage(treeOf(files), { name: 'hello', below: '', target, ...search })
}

async function folderOf(...given: Parameters<typeof found>): Promise<string> {
  return (await found(...given)).folder
}

async function refused(...given: Parameters<typeof found>) {
  return toFailure(await found(...given).catch((thrown) => thrown))
}

test('package main is at the root, else in cmd/NAME, else the only one', async () => {
  const library = { 'lib.go': 'package lib\n' }
  expect(await folderOf({ 'a.go': MAIN, 'cmd/hello/main.go': MAIN })).toBe('')
  expect(await folderOf({ ...library, 'cmd/hello/main.go': MAIN, 'cmd/b/b.go': MAIN })).toBe(
    'cmd/hello',
  )
  expect(await folderOf({ ...library, 'src/app/main.go': MAIN })).toBe('src/app')
})

test('the folder that the request names is the only place that is searched', async () => {
  const files = { 'main.go': MAIN, 'a/main.go': MAIN, 'b/cmd/hello/x.go': MAIN, 'c/d/e.go': MAIN }
  expect(await folderOf(files, { below: 'a' })).toBe('a')
  expect(await folderOf(files, { below: 'b' })).toBe('b/cmd/hello')
  expect(await folderOf(files, { below: 'c' })).toBe('c/d')
  expect((await refused(files, { below: 'x' })).detail).toBe(
    'build.module is "x", where no Go code is; there is some in a, b/cmd/hello, c/d, the root',
  )
  const library = await refused({ 'a/lib.go': 'package lib\n', 'main.go': MAIN }, { below: 'a' })
  expect(library.detail).toBe(
    'expected "package main" in a or in a/cmd/hello; found none in a/lib.go',
  )
})

test('tests, ignored files, vendor and testdata are not the package', async () => {
  const files = {
    'lib.go': 'package lib\n',
    'gen.go': '//go:build ignore\n\npackage main\n',
    'main_windows.go': MAIN,
    'lib_test.go': 'package main\n',
    'vendor/x/main.go': MAIN,
    'testdata/main.go': MAIN,
    '_old/main.go': MAIN,
  }
  const expected =
    'expected "package main" at the root or in cmd/hello; found none in gen.go, lib.go'
  const failure = await refused(files)
  expect(failure).toMatchObject({ code: 'ENTRY_MISSING' })
  expect(failure.detail).toBe(`${expected}, main_windows.go`)
})

test('two main packages are named, with how to say which', async () => {
  const files = { 'cmd/a/a.go': MAIN, 'cmd/b/b.go': MAIN }
  const { detail, hint } = await refused(files)
  expect(detail).toContain('found it in cmd/a, cmd/b')
  expect(hint).toContain('build.module')
})

test('a tree without Go code says what it has', async () => {
  const { code, detail, hint } = await refused({ 'hello.so': '', 'lib/x.txt': '' })
  expect(code).toBe('ENTRY_MISSING')
  expect(detail).toBe('expected Go code, found hello.so, lib')
  expect(hint).toContain('source.as')
})

test('a file that is too long to be read leaves the package unknown in part', async () => {
  const long = `package main\n\nvar bytes = "${'x'.repeat(1024 * 1024)}"\n`
  expect((await found({ 'main.go': MAIN, 'bytes.go': long })).isWhole).toBe(false)
  expect((await found({ 'main.go': MAIN })).isWhole).toBe(true)
})
