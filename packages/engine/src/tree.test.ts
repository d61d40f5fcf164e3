import { expect, test } from 'vitest'
import { treeOf } from '../../../test/harness/subject.ts'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { folderTree } from './folder-tree.ts'
import { digestOf, wrappingFolder } from './tree.ts'

const paths = (...list: string[]) => list.map((path) => ({ path }))

test('a wrapping folder is the one that everything lies in', () => {
  expect(wrappingFolder(paths('app/a.js', 'app/lib/b.js'))).toBe('app')
  expect(wrappingFolder(paths('app/a.js', 'apple/b.js'))).toBeUndefined()
  expect(wrappingFolder(paths('.DS_Store', '__MACOSX/app/._a.js', 'app/a.js'))).toBe('app')
  expect(wrappingFolder(paths('._app', 'app/._a.js', 'app/a.js'))).toBe('app')
  expect(wrappingFolder(paths('__MACOSX/._a.js'))).toBeUndefined()
  expect(wrappingFolder(paths('app/a.js', 'b.js'))).toBeUndefined()
  expect(wrappingFolder(paths('a.js'))).toBeUndefined()
  expect(wrappingFolder([])).toBeUndefined()
})

test('a digest tells names, modes, links and contents apart', async () => {
  const link = { linkTarget: 'a' }
  const trees = [
    treeOf({ a: 'x' }),
    treeOf({ b: 'x' }),
    treeOf({ a: 'y' }),
    treeOf({ a: { bytes: Buffer.from('x'), executable: true } }),
    treeOf({ a: 'x', b: '' }),
    treeOf({ a: 'x', b: link }),
    treeOf({ a: 'x', b: { linkTarget: 'c' } }),
    treeOf({}),
  ]
  const digests = await Promise.all(trees.map(digestOf))
  expect(new Set(digests).size).toBe(trees.length)
  for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{64}$/)
})

test('memory and disk have the same digest, whatever order the files came in', async () => {
  const files = { 'b.txt': '数据', 'a/x.sh': { bytes: Buffer.from('#!'), executable: true } }
  const reversed = Object.fromEntries(Object.entries(files).reverse())
  const folder = `${temporaryFolder()}/tree`
  await treeOf(files).moveTo(folder)
  const expected = await digestOf(treeOf(files))
  expect(await digestOf(treeOf(reversed))).toBe(expected)
  expect(await digestOf(await folderTree(folder))).toBe(expected)
})
