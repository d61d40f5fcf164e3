import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { treeOf } from '../../../test/harness/subject.ts'
import { temporaryFolder } from '../../../test/harness/temporary-folder.ts'
import { memoryTree } from './memory-tree.ts'

test('files are sorted by code unit, found by path and read as they are', async () => {
  const tree = treeOf({ 'é.js': 'é', 'b.js': 'b', 'B.js': 'B', 'a/z.js': 'z' })
  expect(tree.files.map(({ path }) => path)).toEqual(['B.js', 'a/z.js', 'b.js', 'é.js'])
  expect(tree.find('a/z.js')).toEqual({ path: 'a/z.js', size: 1, executable: false })
  expect(tree.find('a')).toBeUndefined()
  expect((await tree.read('é.js', 10)).toString()).toBe('é')
})

test('a thousand files are found as fast as one', () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `lib/${index}.js`)
  const bytes = Buffer.alloc(0)
  const tree = memoryTree(names.map((path) => ({ path, bytes, executable: false })))
  const started = performance.now()
  for (const name of names) expect(tree.find(name)?.path === name).toBe(true)
  // A list that is walked each time would take a minute.
  expect(performance.now() - started).toBeLessThan(5000)
})

test('a file that is larger than its reader can hold is refused with both sizes', async () => {
  const tree = treeOf({ 'package.json': 'x'.repeat(11) })
  await expect(async () => tree.read('package.json', 10)).rejects.toMatchObject({
    code: 'UNPACKED_TOO_LARGE',
    message: 'package.json has 11 bytes; at most 10 of such a file are read',
  })
  await expect(async () => tree.read('nothing', 10)).rejects.toThrow(/no file nothing/)
})

test('a link is read where it leads to a file of the source, else refused by name', async () => {
  const tree = treeOf({
    'package.json': { linkTarget: 'config/package.json' },
    'config/package.json': { linkTarget: '../real.json' },
    'real.json': '{}',
    out: { linkTarget: '../secret' },
    round: { linkTarget: 'round' },
  })
  expect((await tree.read('package.json', 10)).toString()).toBe('{}')
  for (const path of ['out', 'round']) {
    await expect(async () => tree.read(path, 10)).rejects.toMatchObject({
      code: 'MANIFEST_INVALID',
      message: expect.stringContaining(`${path} is a link to`),
    })
  }
})

test('entries carry content, mode and link, under another path where one is given', () => {
  const tree = treeOf({
    run: { bytes: Buffer.from('#!'), executable: true },
    link: { linkTarget: 'run' },
  })
  const entries = tree.files.map((file) => tree.entry(file))
  expect(entries).toMatchObject([
    { path: 'link', kind: 'link', linkTarget: 'run', size: 0 },
    { path: 'run', kind: 'file', executable: true, size: 2, content: Buffer.from('#!') },
  ])
  const file = tree.find('run')
  expect(file && tree.entry(file, 'bin/run').path).toBe('bin/run')
})

test('what lies below a folder is a tree of its own', async () => {
  const below = await treeOf({ 'app/a.js': 'a', 'app/lib/b.js': 'b', 'apple.js': '' }).below('app')
  expect(below.files.map(({ path }) => path)).toEqual(['a.js', 'lib/b.js'])
  expect((await below.read('lib/b.js', 9)).toString()).toBe('b')
})

test('on disk it has its modes and links, and nothing is written over', async () => {
  const folder = join(temporaryFolder(), 'source')
  const tree = treeOf({
    'bin/run': { bytes: Buffer.from('#!/bin/sh\necho 你好\n'), executable: true },
    'lib/a.txt': 'a',
    'lib/link': { linkTarget: '../bin/run' },
  })
  await tree.moveTo(folder)
  expect(execFileSync(join(folder, 'lib/link'), { encoding: 'utf8' })).toBe('你好\n')
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual(
    ['bin', 'bin/run', 'lib', 'lib/a.txt', 'lib/link'].sort(),
  )
  await expect(tree.moveTo(folder)).rejects.toThrow(/EEXIST/)
})

test('what is taken off is no part of it any more', async () => {
  const tree = treeOf({ 'a.js': 'a', 'b.md': 'b' }).without(new Set(['b.md']))
  expect(tree.files.map(({ path }) => path)).toEqual(['a.js'])
  const folder = join(temporaryFolder(), 'source')
  await tree.moveTo(folder)
  expect(readdirSync(folder)).toEqual(['a.js'])
})
