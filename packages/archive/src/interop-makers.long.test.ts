import { execFile, spawnSync } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeEach, describe, expect, test } from 'vitest'
import { needs } from '../../../test/harness/needs.ts'
import { openArchive } from './archive.ts'
import { makeTree, takes, takesTar } from './test/made-archive.ts'
import { limits, withFolder } from './test/refuses.ts'

const run = promisify(execFile)

describe('7-Zip', () => {
  const PROGRAMS = ['7zz', '7z'] as const
  const forms: [string, string[]][] = [
    ['as it does by default', []],
    ['stored', ['-mx=0']],
    ['with the names of a code page', ['-mcu=off']],
    ['with links', ['-snl']],
  ]
  async function pack(folder: string, flags: readonly string[]): Promise<void> {
    const program = PROGRAMS.find((name) => spawnSync(name, ['i']).status === 0) ?? '7z'
    await makeTree(join(folder, 'in'))
    await run(program, ['a', '-bd', '-tzip', ...flags, '../a.zip', '.'], {
      cwd: join(folder, 'in'),
    })
  }
  beforeEach((context) => needs(context, 'sevenZip'))

  for (const [title, flags] of forms) {
    test(`an archive made ${title} passes`, () =>
      withFolder(async (folder) => {
        await pack(folder, flags)
        await takes(join(folder, 'a.zip'), join(folder, 'out'))
      }))
  }

  test.each([
    ['an encrypted one', ['-psecret'], 'encrypted'],
    ['one that is compressed as bzip2', ['-mm=BZip2'], 'method'],
    ['one that is compressed as LZMA', ['-mm=LZMA'], 'method'],
  ])('%s is refused by name', (_title, flags, reason) =>
    withFolder(async (folder) => {
      await pack(folder, flags)
      const opened = openArchive({ path: join(folder, 'a.zip') }, { limits })
      await expect(opened).rejects.toMatchObject({ reason })
    }),
  )
})

describe('Go', () => {
  const MAKE = `package main

import (
	"archive/zip"
	"os"
)

func main() {
	out, _ := os.Create("../a.zip")
	archive := zip.NewWriter(out)
	if err := archive.AddFS(os.DirFS(".")); err != nil {
		panic(err)
	}
	if err := archive.Close(); err != nil {
		panic(err)
	}
}
`

  test('an archive made of a file system passes', (context) => {
    needs(context, 'go')
    return withFolder(async (folder) => {
      await makeTree(join(folder, 'in'))
      // It packs no links.
      await rm(join(folder, 'in/link'))
      await writeFile(join(folder, 'make.go'), MAKE)
      await run('go', ['run', '../make.go'], { cwd: join(folder, 'in') })
      await takes(join(folder, 'a.zip'), join(folder, 'out'))
    })
  })
})

describe('jar', () => {
  test.each([
    ['compressed', 'cf'],
    ['stored', 'c0f'],
    ['without a manifest', 'cMf'],
  ])('a jar made %s passes', (_title, flags) =>
    withFolder(async (folder) => {
      await makeTree(join(folder, 'in'))
      await run('jar', [flags, '../a.zip', '.'], { cwd: join(folder, 'in') })
      await takes(join(folder, 'a.zip'), join(folder, 'out'))
    }),
  )
  beforeEach((context) => needs(context, 'java'))
})

describe('git', () => {
  test.for([
    ['a ZIP', 'zip', takes],
    ['a tar.gz, whose commit stands in a header for all entries', 'tar.gz', takesTar],
  ] as const)('an archive of a commit passes: %s', ([, format, take], context) => {
    needs(context, 'git')
    return withFolder(async (folder) => {
      const cwd = join(folder, 'in')
      await makeTree(cwd)
      const own = ['-c', 'user.name=a', '-c', 'user.email=a@example.com']
      await run('git', ['init', '--quiet'], { cwd })
      await run('git', ['add', '.'], { cwd })
      await run('git', [...own, 'commit', '--quiet', '--message', 'All'], { cwd })
      await run('git', ['archive', `--format=${format}`, '--output=../archive', 'HEAD'], { cwd })
      await take(join(folder, 'archive'), join(folder, 'out'))
    })
  })
})

describe('Python', () => {
  const MAKE = `import sys, tarfile
with tarfile.open("../a.tar.gz", "w:gz", format=getattr(tarfile, sys.argv[1])) as archive:
    archive.add(".")
`

  test.for(['USTAR_FORMAT', 'GNU_FORMAT', 'PAX_FORMAT'])(
    'a tar.gz made as %s passes',
    (format, context) => {
      needs(context, 'python')
      return withFolder(async (folder) => {
        await makeTree(join(folder, 'in'))
        await run('python3', ['-c', MAKE, format], { cwd: join(folder, 'in') })
        await takesTar(join(folder, 'a.tar.gz'), join(folder, 'out'))
      })
    },
  )
})
