import { expect, test } from 'vitest'
import { orderOf, subjectOf, type TestFile } from '../../../test/harness/subject.ts'
import { sizeTable } from './size-table.ts'

async function tableOf(files: Record<string, TestFile>) {
  const order = await orderOf({ runtime: 'nodejs', handler: 'index.handler' })
  const { package: packed } = await subjectOf(order, files)
  return { rows: sizeTable(packed.archive.entries), entries: packed.archive.entries }
}

test('a folder counts all that lies below it, packed and unpacked', async () => {
  const files = { 'index.js': 'a', 'lib/a.js': 'x'.repeat(1000), 'lib/deep/b.js': 'yz'.repeat(300) }
  const { rows, entries } = await tableOf(files)
  const packedBelow = (folder: string) =>
    entries
      .filter(({ path }) => path.startsWith(`${folder}/`))
      .reduce((sum, { compressedSize }) => sum + compressedSize, 0)
  expect(rows.filter(({ kind }) => kind === 'folder')).toEqual([
    { path: 'lib', kind: 'folder', packed: packedBelow('lib'), unpacked: 1600 },
    { path: 'lib/deep', kind: 'folder', packed: packedBelow('lib/deep'), unpacked: 600 },
  ])
  expect(rows.find(({ path }) => path === 'lib/a.js')).toMatchObject({
    kind: 'file',
    unpacked: 1000,
  })
})

test('twenty of each are listed, the largest in the package first, equal ones by name', async () => {
  const bytes = (count: number) => Buffer.from(Array.from({ length: count }, (_, at) => at * 37))
  const files = Object.fromEntries(
    Array.from({ length: 25 }, (_, at) => [`f${at}/${at}.js`, { bytes: bytes(at) }]),
  )
  const { rows, entries } = await tableOf(files)
  expect(rows.map(({ kind }) => kind)).toEqual([
    ...Array<string>(20).fill('folder'),
    ...Array<string>(20).fill('file'),
  ])
  expect(rows[0]).toEqual({
    path: 'f24',
    kind: 'folder',
    packed: entries.find(({ path }) => path === 'f24/24.js')?.compressedSize,
    unpacked: 24,
  })
  expect(rows.at(-1)).toMatchObject({ path: 'f5/5.js', unpacked: 5 })
  const { rows: equal } = await tableOf({ 'b.js': 'x', 'a.js': 'y' })
  expect(equal.map(({ path }) => path)).toEqual(['a.js', 'b.js'])
})
