import { expect, test } from 'vitest'
import { openArchive } from './archive.ts'
import { craftZip } from './test/craft-zip.ts'
import { limits, refusesBy } from './test/refuses.ts'

const refuses = refusesBy(test)
refuses('kind-differs', 'a folder by name that is a file by mode', [{ name: 'a/', mode: 0o100644 }])
refuses('kind-differs', 'a file by name that is a folder by mode', [{ name: 'a', mode: 0o040755 }])
refuses('kind-differs', 'a file by name that is a folder by DOS attributes', [
  { name: 'a', attributes: 0x10 },
])
refuses('kind-differs', 'a link that was not made on Unix', [
  { name: 'a', content: 'b', mode: 0o120777, system: 0 },
])
refuses('folder-with-content', 'a folder with content', [{ name: 'a/', content: 'x', method: 0 }], {
  entry: 'a/',
})
refuses('folder-with-content', 'a folder with hidden bytes', [
  { name: 'a/', method: 8, packed: Buffer.from('\x03\x00junk') },
])
refuses('data-damaged', 'a folder with two bytes that are no end of data', [
  { name: 'a/', method: 8, packed: Buffer.from([0x4b, 0x04]) },
])
for (const [what, mode] of [
  ['character device', 0o020666],
  ['block device', 0o060666],
  ['pipe', 0o010666],
  ['socket', 0o140666],
] as const) {
  refuses('device', `a ${what}`, [{ name: 'd', mode }], { entry: 'd' })
}

test('reads modes where the maker wrote them and none where it did not', async () => {
  const bytes = craftZip([
    { name: 'setuid', mode: 0o104755 },
    { name: 'plain', mode: 0o100640 },
    { name: 'mac', mode: 0o100755, system: 19 },
    { name: 'windows', mode: 0o100755, system: 0 },
    { name: 'unix-without-mode', system: 3 },
    { name: 'folder/', mode: 0o040700 },
  ])
  const { entries } = await openArchive({ bytes }, { limits })
  const found = entries.map(({ path, kind, mode, executable }) => [path, kind, mode, executable])
  expect(found).toEqual([
    ['setuid', 'file', 0o4755, true],
    ['plain', 'file', 0o640, false],
    ['mac', 'file', 0o755, true],
    ['windows', 'file', undefined, false],
    ['unix-without-mode', 'file', undefined, false],
    ['folder', 'folder', 0o700, false],
  ])
})

test('takes the mode -1 of Maven 3.8 for one that was not written', async () => {
  const bytes = craftZip([{ name: 'META-INF/', mode: 0xffff }, { name: 'META-INF/a' }])
  const { entries } = await openArchive({ bytes }, { limits })
  expect(entries.map(({ kind, mode }) => ({ kind, mode }))).toEqual([
    { kind: 'folder', mode: undefined },
    { kind: 'file', mode: undefined },
  ])
})
