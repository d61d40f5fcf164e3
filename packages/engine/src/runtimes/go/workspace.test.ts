import { toFailure } from '@packline/shared'
import { expect, test } from 'vitest'
import { treeOf } from '../../../../../test/harness/subject.ts'
import { checkFolders } from './local-folders.ts'
import { readModule } from './module.ts'
import { readWorkspace } from './workspace.ts'

const WORK = 'go 1.24\n\nuse (\n\t./app // the function\n\t"lib"\n)\n'
const MODULES = { 'app/go.mod': 'module a\n', 'lib/go.mod': 'module b\n', 'x/go.mod': 'module x\n' }

async function workspaceOf(files: Record<string, string>, folder: string) {
  const tree = treeOf({ ...MODULES, ...files })
  const module = await readModule(tree, folder)
  return module && readWorkspace(tree, module)
}

test('a module that go.work uses is one of its workspace', async () => {
  const expected = { folder: '', go: '1.24', vendored: false }
  expect(await workspaceOf({ 'go.work': WORK }, 'app')).toEqual(expected)
  expect(await workspaceOf({ 'go.work': WORK }, 'lib')).toEqual(expected)
  const vendored = { 'go.work': WORK, 'vendor/modules.txt': '' }
  expect(await workspaceOf(vendored, 'app')).toMatchObject({ vendored: true })
  expect(await workspaceOf({ 'go.work': 'use .\n', 'go.mod': 'module r\n' }, '')).toBeDefined()
  expect(await workspaceOf({ 'app/go.work': 'use .' }, 'app')).toMatchObject({ folder: 'app' })
})

test('a module that go.work does not use is built by itself', async () => {
  expect(await workspaceOf({ 'go.work': WORK }, 'x')).toBeUndefined()
  expect(await workspaceOf({}, 'app')).toBeUndefined()
})

async function said(file: string, text: string) {
  const tree = treeOf({ ...MODULES, [file]: text })
  const error = await checkFolders(tree, file).catch((thrown) => thrown)
  return error && toFailure(error)
}

test('folders that go.work and go.mod name must be in the source', async () => {
  expect(await said('go.work', WORK)).toBeUndefined()
  expect(
    await said('app/go.mod', 'replace b => ../lib\nreplace c v1 => d.e/f v2\n'),
  ).toBeUndefined()
  expect(await said('go.work', 'go 1.24\nuse ./app\nuse ./gone/\n')).toMatchObject({
    code: 'MANIFEST_INVALID',
    detail: 'go.work:3: it uses ./gone/, which is not in the source',
  })
  const block = 'module a\n\nreplace (\n\tb => ../lib\n\tc v1.0.0 => ../../c\n)\n'
  expect(await said('app/go.mod', block)).toMatchObject({
    code: 'MANIFEST_INVALID',
    detail: 'app/go.mod:5: c is replaced by ../../c, which is not in the source',
  })
  expect((await said('go.mod', 'replace c => /home/me/c\n')).detail).toContain('go.mod:1: c is')
})
