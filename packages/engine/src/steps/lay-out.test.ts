import { execFileSync } from 'node:child_process'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { unpackArchive } from '@packline/archive'
import { expect, test } from 'vitest'
import { attachedOf, orderOf, subjectOf, type TestFile } from '../../../../test/harness/subject.ts'
import { temporaryFolder } from '../../../../test/harness/temporary-folder.ts'
import { layOut } from './lay-out.ts'

const bench = () => {
  const scratch = temporaryFolder()
  return async (name: string) => {
    const path = join(scratch, name)
    mkdirSync(path, { recursive: true })
    return path
  }
}

async function subject(own: Record<string, TestFile>, others: Record<string, TestFile>[]) {
  const folder = bench()
  const made = await subjectOf(await orderOf({ runtime: 'nodejs', handler: 'index.handler' }), own)
  const unpacked = async (name: string, archive: typeof made.package.archive) => {
    const path = await folder(name)
    await unpackArchive(archive, path)
    return path
  }
  const dependencies = others.map(async (files, index) => {
    const one = await attachedOf(`libs-${index}`, files)
    return { ...one, folder: () => unpacked(one.name, one.archive) }
  })
  const packed = { ...made.package, folder: () => unpacked('code', made.package.archive) }
  const removeFolder = async () => undefined
  return {
    folder,
    removeFolder,
    subject: { package: packed, dependencies: await Promise.all(dependencies) },
  }
}

test('packages are laid over the code, with modes and links as they are', async () => {
  const run = { bytes: Buffer.from('#!'), executable: true }
  const own = { 'index.js': '1', 'node_modules/a/index.js': 'a' }
  const one = { 'node_modules/b/run': run, 'node_modules/.bin/b': { linkTarget: '../b/run' } }
  const made = await subject(own, [one, { 'node_modules/@s/c/index.js': 'c' }])
  const path = await layOut(made.subject, made)
  const listed = execFileSync('find', ['.', '-not', '-type', 'd', '-printf', '%P %m<%l>\n'], {
    cwd: path,
    encoding: 'utf8',
  })
  expect(listed.trim().split('\n').sort()).toEqual([
    'index.js 644<>',
    'node_modules/.bin/b 777<../b/run>',
    'node_modules/@s/c/index.js 644<>',
    'node_modules/a/index.js 644<>',
    'node_modules/b/run 755<>',
  ])
  expect(statSync(join(path, 'node_modules')).mode & 0o777).toBe(0o755)
})

test('a package alone is not copied', async () => {
  const made = await subject({ 'index.js': '1' }, [])
  expect(await layOut(made.subject, made)).toMatch(/\/code$/)
})
