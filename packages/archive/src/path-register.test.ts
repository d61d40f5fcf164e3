import { expect, test } from 'vitest'
import { craftZip } from './test/craft-zip.ts'
import { passGate, refusesBy } from './test/refuses.ts'

const refuses = refusesBy(test)
const link = { content: 'b', mode: 0o120777 }

refuses('duplicate-entry', 'one name twice', [{ name: 'a' }, { name: 'a' }], { entry: 'a' })
refuses('duplicate-entry', 'names that differ by case', [{ name: 'a' }, { name: 'A' }], {
  entry: 'A',
})
refuses('duplicate-entry', 'names that differ by Unicode form', [
  { name: 'caf\u00e9' },
  { name: 'cafe\u0301' },
])
refuses('duplicate-entry', 'names that differ by a sharp s', [
  { name: 'straße' },
  { name: 'STRASSE' },
])
refuses('duplicate-entry', 'one folder twice', [{ name: 'a/' }, { name: 'a/' }], { entry: 'a' })
refuses('duplicate-entry', 'a link and a file of one name', [{ name: 'a' }, { name: 'a', ...link }])

refuses('file-as-folder', 'a file that later is a folder', [{ name: 'a' }, { name: 'a/b/c' }], {
  entry: 'a/b/c',
})
refuses('file-as-folder', 'a folder that later is a file', [{ name: 'a/b/c' }, { name: 'a/b' }], {
  entry: 'a/b',
})
refuses('file-as-folder', 'a file beside a folder entry', [{ name: 'a' }, { name: 'a/' }])
refuses('file-as-folder', 'a file written through a link', [
  { name: 'a', ...link },
  { name: 'a/x' },
])
refuses('file-as-folder', 'a file written through a link on a file system without case', [
  { name: 'A', ...link },
  { name: 'a/x' },
])
refuses('file-as-folder', 'a link over a folder on a file system without case', [
  { name: 'a/x' },
  { name: 'A', ...link },
])

refuses(
  'too-many-entries',
  'folders that no entry names, when they are too many',
  ['a', 'b', 'c'].map((name) => ({ name: `${name}${'/x'.repeat(400)}` })),
)

test('accepts a licence beside a folder of licences, as merged jars have them', async () => {
  const names = ['META-INF/LICENSE', 'META-INF/license/', 'META-INF/license/netty.txt']
  const paths = await passGate({ bytes: craftZip(names.map((name) => ({ name }))) })
  expect(paths).toEqual(['META-INF/LICENSE', 'META-INF/license', 'META-INF/license/netty.txt'])
})

test('accepts folders with and without entries of their own, in any order', async () => {
  const names = ['a/b/c.txt', 'a/', 'd/', 'd/e.txt', 'a/b/']
  const paths = await passGate({ bytes: craftZip(names.map((name) => ({ name }))) })
  expect(paths).toEqual(['a/b/c.txt', 'a', 'd', 'd/e.txt', 'a/b'])
})
