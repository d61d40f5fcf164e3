import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, test } from 'vitest'
import { needs } from '../../../test/harness/needs.ts'
import type { PackageEntry } from './package-entry.ts'
import { CONTENTS, makeTree, takes } from './test/made-archive.ts'
import { withFolder } from './test/refuses.ts'
import { writeZip } from './write.ts'

const run = promisify(execFile)

describe('Info-ZIP', () => {
  beforeEach((context) => needs(context, 'zip', 'unzip'))

  const forms: [string, string[]][] = [
    ['as it does by default', ['-r']],
    ['with links', ['-r', '-y']],
    ['stored', ['-r', '-0']],
    ['with data descriptors', ['-r', '-fd']],
    ['with Zip64 fields', ['-r', '-fz']],
    ['without extra fields and folders', ['-r', '-X', '-D']],
  ]
  for (const [title, flags] of forms) {
    test(`an archive made ${title} passes`, () =>
      withFolder(async (folder) => {
        await makeTree(join(folder, 'in'))
        await run('zip', ['-q', ...flags, '../a.zip', '.'], { cwd: join(folder, 'in') })
        await takes(join(folder, 'a.zip'), join(folder, 'out'))
      }))
  }

  test('an archive made to a pipe passes', () =>
    withFolder(async (folder) => {
      await makeTree(join(folder, 'in'))
      await run('sh', ['-c', 'zip -q -r - . | cat > ../a.zip'], { cwd: join(folder, 'in') })
      await takes(join(folder, 'a.zip'), join(folder, 'out'))
    }))

  test('unpacks what we write, with modes and links', () =>
    withFolder(async (folder) => {
      await writeZip(entries(), { path: join(folder, 'a.zip') })
      await run('unzip', ['-q', 'a.zip', '-d', 'out'], { cwd: folder })
      const found = await readdir(join(folder, 'out'), { recursive: true })
      expect(found).toEqual(expect.arrayContaining([...Object.keys(CONTENTS), 'link']))
      expect(await readFile(join(folder, 'out/link'), 'utf8')).toBe(CONTENTS['src/large.txt'])
      await run('test', ['-x', join(folder, 'out/run.sh')])
    }))
})

function entries(): PackageEntry[] {
  const files = Object.entries(CONTENTS).map(([path, text]): PackageEntry => {
    const content = Buffer.from(text)
    return { path, executable: path.endsWith('.sh'), size: content.length, content }
  })
  const target = Buffer.from('src/large.txt')
  const link = { path: 'link', kind: 'link', executable: false, content: target } as const
  return [...files, { ...link, size: target.length }]
}

describe('Python', () => {
  beforeEach((context) => needs(context, 'python'))

  const MAKE = `
import os, sys, zipfile
class Pipe:
    def __init__(self, file): self.file = file
    def write(self, data): return self.file.write(data)
    def flush(self): self.file.flush()
out, method, kind = open('../a.zip', 'wb'), int(sys.argv[1]), sys.argv[2]
with zipfile.ZipFile(Pipe(out) if kind == 'pipe' else out, 'w', method) as archive:
    for root, folders, names in os.walk('.'):
        for name in folders + names:
            path = os.path.relpath(os.path.join(root, name))
            if kind == 'zip64' and os.path.isfile(path):
                with archive.open(path, 'w', force_zip64=True) as entry:
                    entry.write(open(path, 'rb').read())
            else:
                archive.write(path)
`
  const forms: [string, string[]][] = [
    ['deflated', ['8', 'file']],
    ['stored', ['0', 'file']],
    ['to a pipe', ['8', 'pipe']],
    // Stored entries with descriptors, whose lengths no local header tells.
    ['stored, to a pipe', ['0', 'pipe']],
    ['with Zip64 forced', ['8', 'zip64']],
  ]
  for (const [title, argv] of forms) {
    test(`an archive made ${title} passes`, (context) =>
      withFolder(async (folder) => {
        // Older ones write Zip64's field without saying in the sizes that it is there.
        const script = 'import sys; sys.exit(sys.version_info < (3, 11, 4))'
        const isOld = await run('python3', ['-c', script]).then(
          () => false,
          () => true,
        )
        if (argv.includes('zip64') && isOld) context.skip('no Python from 3.11.4 on here')
        await makeTree(join(folder, 'in'))
        await run('python3', ['-c', MAKE, ...argv], { cwd: join(folder, 'in') })
        await takes(join(folder, 'a.zip'), join(folder, 'out'))
      }))
  }

  test('finds no fault in what we write', () =>
    withFolder(async (folder) => {
      await writeZip(entries(), { path: join(folder, 'a.zip') })
      const { stdout } = await run('python3', ['-m', 'zipfile', '-t', join(folder, 'a.zip')])
      expect(stdout.trim()).toBe('Done testing')
    }))
})
