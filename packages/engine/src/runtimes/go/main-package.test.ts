import { toFailure } from '@packline/shared'
import { expect, test } from 'vitest'
import { treeOf } from '../../../../../test/harness/subject.ts'
import { checkSymbol, findMainPackage } from './main-package.ts'

const MAIN = 'package main\n\nfunc Handler() {}\n'

async function folderOf(files: Record<string, string>, name?: string): Promise<string> {
  return (await findMainPackage(treeOf(files), name)).folder
}

async function refused(files: Record<string, string>, name?: string) {
  const error = await findMainPackage(treeOf(files), name).catch((thrown) => thrown)
  return toFailure(error)
}

test('package main is at the root, else in cmd/NAME, else the only one', async () => {
  const library = { 'lib.go': 'package lib\n' }
  expect(await folderOf({ 'a.go': MAIN, 'cmd/hello/main.go': MAIN }, 'hello')).toBe('')
  expect(
    await folderOf({ ...library, 'cmd/hello/main.go': MAIN, 'cmd/b/b.go': MAIN }, 'hello'),
  ).toBe('cmd/hello')
  expect(await folderOf({ ...library, 'src/app/main.go': MAIN }, 'hello')).toBe('src/app')
})

test('tests, ignored files, vendor and testdata are not the package', async () => {
  const files = {
    'lib.go': 'package lib\n',
    'gen.go': '//go:build ignore\n\npackage main\n',
    'lib_test.go': 'package main\n',
    'vendor/x/main.go': MAIN,
    'testdata/main.go': MAIN,
    '_old/main.go': MAIN,
  }
  expect(await refused(files, 'hello')).toMatchObject({
    code: 'ENTRY_MISSING',
    detail: 'expected "package main" at the root or in cmd/hello; found none in gen.go, lib.go',
  })
})

test('two main packages are named', async () => {
  const files = { 'cmd/a/a.go': MAIN, 'cmd/b/b.go': MAIN }
  const { detail } = await refused(files, 'hello')
  expect(detail).toContain('found it in cmd/a, cmd/b')
})

test('a tree without Go code says what it has', async () => {
  const { code, detail, hint } = await refused({ 'hello.so': '', 'lib/x.txt': '' })
  expect(code).toBe('ENTRY_MISSING')
  expect(detail).toBe('expected Go code, found hello.so, lib')
  expect(hint).toContain('source.as')
})

async function symbolFailure(source: string, symbol: string) {
  const main = await findMainPackage(treeOf({ 'main.go': source, 'b.go': 'package main\n' }), 'x')
  try {
    checkSymbol(main, symbol)
    return undefined
  } catch (error) {
    return toFailure(error)
  }
}

test('a function or a variable is a symbol', async () => {
  expect(await symbolFailure(MAIN, 'Handler')).toBeUndefined()
  const variable = 'package main\n\nvar (\n\tA, Handler = 1, func() {}\n)\n'
  expect(await symbolFailure(variable, 'Handler')).toBeUndefined()
})

test('a symbol that is not there is told with what is, by file and line', async () => {
  const source = 'package main\n\nfunc Serve() {}\n\ntype Handler struct{}\n'
  const failure = await symbolFailure(source, 'Handler')
  expect(failure?.code).toBe('ENTRY_MISSING')
  expect(failure?.detail).toBe(
    'expected a function Handler in package main (b.go, main.go); found Serve (main.go:3)',
  )
  expect(failure?.hint).toContain('func Handler')
})

test('a lower-case name is what is to be mended', async () => {
  const failure = await symbolFailure('package main\n\nfunc handler() {}\n', 'Handler')
  expect(failure?.detail).toContain('found no exported one')
  expect(failure?.hint).toContain('handler (main.go:3)')
})

test('where not all was read, the compiler is left to find the symbol', async () => {
  const long = `package main\n\nvar bytes = "${'x'.repeat(1024 * 1024)}"\n`
  const tree = treeOf({ 'main.go': 'package main\n', 'bytes.go': long })
  const main = await findMainPackage(tree, 'hello')
  expect(main.isWhole).toBe(false)
  expect(() => checkSymbol(main, 'Handler')).not.toThrow()
})
