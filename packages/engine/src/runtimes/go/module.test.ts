import { expect, test } from 'vitest'
import { orderOf, treeOf } from '../../../../../test/harness/subject.ts'
import { nameOfModule, packedFolder, readModule } from './module.ts'

const TEXT =
  'module example.com/hello // ours\n\ngo 1.22.1\n\nrequire (\n\texample.com/a v1.0.0\n)\n'

test('go.mod says path, release and whether modules are needed', async () => {
  const tree = treeOf({ 'go.mod': TEXT, 'go.sum': '', 'vendor/modules.txt': '' })
  expect(await readModule(tree)).toEqual({
    folder: '',
    path: 'example.com/hello',
    go: '1.22.1',
    requires: true,
    locked: true,
    vendored: true,
  })
  const quoted = treeOf({ 'go.mod': '\uFEFFmodule "a.b/c"\n// require x v1\n' })
  expect(await readModule(quoted)).toEqual({
    folder: '',
    path: 'a.b/c',
    go: undefined,
    requires: false,
    locked: false,
    vendored: false,
  })
  expect(await readModule(treeOf({ 'sub/go.mod': TEXT }))).toBeUndefined()
})

test('a folder belongs to the nearest go.mod above it', async () => {
  const tree = treeOf({ 'go.mod': 'module a\n', 'b/go.mod': 'module b\n', 'b/c/d/e.go': '' })
  expect(await readModule(tree, 'b/c/d')).toMatchObject({ folder: 'b', path: 'b' })
  expect(await readModule(tree, 'x/y')).toMatchObject({ folder: '', path: 'a' })
})

test('the files of the module that is asked for come along, without one all of them', async () => {
  const tree = treeOf({ 'go.mod': 'module a\n', 'b/go.mod': 'module b\n' })
  const folderOf = async (module?: string) => {
    const { request } = await orderOf({ runtime: 'go', handler: 'hello', build: { module } })
    return packedFolder(tree, request)
  }
  expect(await folderOf()).toBe('')
  expect(await folderOf('b')).toBe('b')
  expect(await folderOf('b/cmd/hello')).toBe('b')
  expect(await folderOf('cmd/hello')).toBe('')
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
