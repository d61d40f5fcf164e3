import { toFailure } from '@packline/shared'
import { expect, test } from 'vitest'
import { treeOf } from '../../../../../test/harness/subject.ts'
import { findMainPackage } from './main-package.ts'
import { checkSymbol } from './symbols.ts'

const MAIN = 'package main\n\nfunc Handler() {}\n'
const SEARCH = { name: 'x', below: '', target: { processor: 'amd64', goVersion: '1.26.8' } }

async function failureOf(source: string, symbol: string, more: Record<string, string> = {}) {
  const tree = treeOf({ 'main.go': source, 'b.go': 'package main\n', ...more })
  const main = await findMainPackage(tree, SEARCH)
  try {
    checkSymbol(main, symbol)
    return undefined
  } catch (error) {
    return toFailure(error)
  }
}

test('a function or a variable is a symbol', async () => {
  expect(await failureOf(MAIN, 'Handler')).toBeUndefined()
  const variable = 'package main\n\nvar (\n\tA, Handler = 1, func() {}\n)\n'
  expect(await failureOf(variable, 'Handler')).toBeUndefined()
})

test('a symbol that is not there is told with what is, by file and line', async () => {
  const failure = await failureOf('package main\n\nfunc Serve() {}\n', 'Handler')
  expect(failure?.code).toBe('ENTRY_MISSING')
  expect(failure?.detail).toBe(
    'expected a function Handler in package main (b.go, main.go); found Serve (main.go:3)',
  )
  expect(failure?.hint).toContain('func Handler')
})

test('a lower-case name is what is to be mended', async () => {
  const failure = await failureOf('package main\n\nfunc handler() {}\n', 'Handler')
  expect(failure?.detail).toContain('found no exported one')
  expect(failure?.hint).toBe(
    'handler (main.go:3) is spelt differently: rename it, only upper-case names are exported.',
  )
})

test('a name that is spelt nearly so is offered', async () => {
  const failure = await failureOf('package main\n\nfunc Handlre() {}\n', 'Handler')
  expect(failure?.hint).toMatch(/^Handlre \(main\.go:3\) is spelt nearly so/)
})

test.each([
  [
    'func (s *Server[T]) Handler() {}',
    'Handler (main.go:3) is a method of Server, and only functions',
  ],
  ['type Handler struct{}', 'Handler (main.go:3) is a type: add `func Handler(...)`'],
  ['const Handler = 1', 'Handler (main.go:3) is a constant: add `func Handler(...)`'],
])('%s has the name and is no symbol', async (declared, hint) => {
  const failure = await failureOf(`package main\n\n${declared}\n`, 'Handler')
  expect(failure?.detail).toContain('found no exported one')
  expect(failure?.hint).toContain(hint)
})

test('what stands in a file for another system is not there', async () => {
  const files = { 'handler_windows.go': MAIN, 'tagged.go': `//go:build ignore\n\n${MAIN}` }
  expect(await failureOf('package main\n', 'Handler', files)).toMatchObject({
    code: 'ENTRY_MISSING',
    detail: expect.stringContaining('package main (b.go, main.go)'),
  })
  const linux = { 'handler_linux_amd64.go': MAIN }
  expect(await failureOf('package main\n', 'Handler', linux)).toBeUndefined()
})

test('where not all was read, the compiler is left to find the symbol', async () => {
  const bytes = `package main\n\nvar bytes = "${'x'.repeat(1024 * 1024)}"\n`
  expect(await failureOf('package main\n', 'Handler', { 'bytes.go': bytes })).toBeUndefined()
})
