import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { needs } from '../../../test/harness/needs.ts'
import { openArchive } from './archive.ts'
import { type PackageEntry, packageEntriesOf } from './package-entry.ts'
import { passGate, withFolder } from './test/refuses.ts'
import { writeZip } from './write.ts'

const run = promisify(execFile)
const limits = { entriesMax: 1000, unpackedBytesMax: 1024 ** 3, ratioMax: 1100 }

const file = (path: string, content: Buffer | string): PackageEntry => {
  const bytes = Buffer.from(content)
  return { path, executable: false, size: bytes.length, content: bytes }
}

test('puts META-INF and the manifest first and writes every folder', async () => {
  const entries = ['A.class', 'com/x/B.class', 'META-INF/LICENSE', 'META-INF/MANIFEST.MF'].map(
    (path) => file(path, 'x'),
  )
  const packed = await writeZip(entries, { memory: true }, { jar: true })
  const archive = await openArchive(packed.content, { limits })
  expect(archive.format).toBe('jar')
  expect(archive.entries.map(({ path }) => path)).toEqual([
    'META-INF',
    'META-INF/MANIFEST.MF',
    'A.class',
    'META-INF/LICENSE',
    'com',
    'com/x',
    'com/x/B.class',
  ])
  // Folders are no files of the package.
  expect(packed.entries).toBe(4)
})

test('stores nested jars whole, as Spring Boot wants them, between streamed files', async () => {
  const nested = ['BOOT-INF/lib/a.jar', 'BOOT-INF/lib/b.jar'].map((path) =>
    file(path, randomBytes(1_500_000)),
  )
  const large = file('BOOT-INF/classes/large.bin', Buffer.alloc(2_000_000, 'ab'))
  const packed = await writeZip([...nested, large], { memory: true }, { jar: true })
  const archive = await openArchive(packed.content, { limits })
  const jars = archive.entries.filter(({ path }) => path.endsWith('.jar'))
  expect(jars.map(({ size, compressedSize }) => compressedSize - size)).toEqual([0, 0])
  for (const { path, content } of nested) {
    expect((await archive.read(path, 1_500_000)).equals(content as Buffer)).toBe(true)
  }
})

test('does not take a ZIP without a manifest for a JAR', async () => {
  const packed = await writeZip([file('meta-inf/x', 'x')], { memory: true })
  expect((await openArchive(packed.content, { limits })).format).toBe('zip')
})

test('accepts what jar makes, and jar reads what we make of it', async (context) => {
  needs(context, 'java')
  await withFolder(async (folder) => {
    await mkdir(join(folder, 'in/com/example'), { recursive: true })
    await writeFile(join(folder, 'in/com/example/Hello.txt'), 'hello '.repeat(100))
    await run('jar', ['cf', join(folder, 'made.jar'), '-C', join(folder, 'in'), '.'])
    await run('jar', ['cf0', join(folder, 'stored.jar'), '-C', join(folder, 'in'), '.'])
    expect(await passGate({ path: join(folder, 'stored.jar') })).toContain('META-INF/MANIFEST.MF')

    const made = await openArchive({ path: join(folder, 'made.jar') }, { limits })
    const ours = join(folder, 'ours.jar')
    await writeZip(packageEntriesOf(made), { path: ours }, { jar: true })
    await made.close()
    const { stdout } = await run('jar', ['tf', ours])
    expect(stdout.trim().split('\n')).toEqual([
      'META-INF/',
      'META-INF/MANIFEST.MF',
      'com/',
      'com/example/',
      'com/example/Hello.txt',
    ])
  })
}, 60_000)
