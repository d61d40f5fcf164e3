import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { openArchive } from '../archive.ts'
import { unpackTar } from '../tar/unpack-tar.ts'
import { unpackArchive } from '../unpack.ts'
import { verifyArchive } from '../verify.ts'
import { limits } from './refuses.ts'

/** Text files of the tree that programs pack. */
export const CONTENTS: Record<string, string> = {
  'empty.txt': '',
  'run.sh': '#!/bin/sh\n',
  'src/large.txt': 'one line of many\n'.repeat(20_000),
  'src/中文/说明.txt': '你好',
}

/** Makes a folder with the contents, a link and an empty folder. */
export async function makeTree(folder: string): Promise<void> {
  await makeOf(CONTENTS, folder)
  await symlink('src/large.txt', join(folder, 'link'))
}

/** The same in little. */
export async function makeSmallTree(folder: string): Promise<void> {
  await makeOf({ ...CONTENTS, 'src/large.txt': 'one line of many\n'.repeat(20) }, folder)
  await symlink('run.sh', join(folder, 'link'))
}

async function makeOf(contents: Record<string, string>, folder: string): Promise<void> {
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(join(folder, path, '..'), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  await chmod(join(folder, 'run.sh'), 0o755)
  await mkdir(join(folder, 'nothing'))
}

/** Opens, verifies and unpacks an archive that a tool made of the tree. */
export async function takes(path: string, folder: string): Promise<void> {
  const archive = await openArchive({ path }, { limits })
  await verifyArchive(archive)
  await unpackArchive(archive, folder)
  await archive.close()
  await holdsContents(folder)
}

/** Unpacks a tar.gz that a tool made of the tree. */
export async function takesTar(path: string, folder: string): Promise<void> {
  await unpackTar({ path }, folder, { limits })
  await holdsContents(folder)
}

async function holdsContents(folder: string): Promise<void> {
  for (const [name, content] of Object.entries(CONTENTS)) {
    expect(await readFile(join(folder, name), 'utf8')).toBe(content)
  }
}
