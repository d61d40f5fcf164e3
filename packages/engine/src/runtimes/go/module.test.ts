import { expect, test } from 'vitest'
import { treeOf } from '../../../../../test/harness/subject.ts'
import { isNewer, nameOfModule, readModule, toolchainOf } from './module.ts'

test('go.mod says path, release and whether modules are needed', async () => {
  const text =
    'module example.com/hello // ours\n\ngo 1.22.1\n\nrequire (\n\texample.com/a v1.0.0\n)\n'
  const tree = treeOf({ 'go.mod': text, 'go.sum': '', 'vendor/modules.txt': '' })
  expect(await readModule(tree)).toEqual({
    path: 'example.com/hello',
    go: '1.22.1',
    requires: true,
    locked: true,
    vendored: true,
  })
  expect(await readModule(treeOf({ 'go.mod': '\uFEFFmodule "a.b/c"\n// require x v1\n' }))).toEqual(
    {
      path: 'a.b/c',
      go: undefined,
      requires: false,
      locked: false,
      vendored: false,
    },
  )
  expect(await readModule(treeOf({ 'sub/go.mod': text }))).toBeUndefined()
})

test.each([
  ['example.com/hello', 'hello'],
  ['example.com/hello/v2', 'hello'],
  ['gopkg.in/hello.v3', 'hello'],
  ['hello', 'hello'],
  ['v2', 'v2'],
])('the executable of module %s is called %s', (path, name) => {
  expect(nameOfModule(path)).toBe(name)
})

test.each([
  ['1.27', '1.26.8', true],
  ['1.26.9', '1.26.8', true],
  ['1.26', '1.26.8', false],
  ['1.26.8', '1.26.8', false],
  ['1.9', '1.26.8', false],
  ['2.0', '1.99.9', true],
  ['1.27rc1', '1.26.8', true],
])('%s newer than %s: %s', (one, other, expected) => {
  expect(isNewer(one, other)).toBe(expected)
})

test('a release line is fetched as its first release', () => {
  expect(toolchainOf('1.27')).toBe('go1.27.0')
  expect(toolchainOf('1.27.3')).toBe('go1.27.3')
})
