import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeWorkplace, type Workplace } from '../harness/command-line.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

const STATE = '.packline-draft.json'

let line: TestLine
let place: Workplace
beforeAll(async () => {
  line = await startTestLine({ workers: 0 })
  place = await makeWorkplace()
})
afterAll(async () => {
  await line?.stop()
  await place?.remove()
})

function run(args: readonly string[]) {
  const environment = { PACKLINE_URL: line.url, PACKLINE_KEY: line.key }
  return place.run(['functions', ...args], { environment })
}

const pull = (name: string, ...more: string[]) => run(['pull', name, name, ...more])
const push = (name: string, ...more: string[]) => run(['push', name, name, ...more])
const here = (path: string) => join(place.folder, path)
const text = (path: string) => readFile(here(path), 'utf8')

async function there(name: string): Promise<Record<string, string>> {
  const { entries } = await line.client.draft(name)
  const files = entries.filter(({ kind }) => kind === 'file')
  const pairs = files.map(async ({ path }) => {
    const { bytes } = await line.client.file(name, path)
    return [path, bytes.toString()] as const
  })
  return Object.fromEntries(await Promise.all(pairs))
}

/** A function with a draft of these files, pulled into a folder of its name. */
async function pulled(name: string, files: Record<string, string>): Promise<void> {
  await line.client.putFunction(name, { runtime: 'nodejs', handler: 'index.handler' })
  await line.client.saveDraft(name, { version: 0, files })
  expect(await pull(name)).toMatchObject({ code: 0 })
}

/** What another editor writes meanwhile. */
async function elsewhere(name: string, files: Record<string, string>, deletes: string[] = []) {
  const { version } = await line.client.draft(name)
  await line.client.saveDraft(name, { version, files, deletes })
}

describe('packline functions push', () => {
  test('makes a draft of a folder, as a package would have it, and remembers its version', async () => {
    await line.client.putFunction('first', { runtime: 'nodejs', handler: 'index.handler' })
    await place.write({
      'first/index.js': 'exports.handler = async () => 1\n',
      'first/bin/run': '#!/bin/sh\n',
      'first/.git/HEAD': 'left out',
      'first/notes.txt': 'left out',
      'first/.packlineignore': 'notes.txt\n',
    })
    await chmod(here('first/bin/run'), 0o755)
    await symlink('index.js', here('first/main.js'))
    const pushed = await push('first')
    expect({ code: pushed.code, stderr: pushed.stderr }).toEqual({ code: 0, stderr: '' })
    expect(pushed.stdout).toBe(
      'version   1\nwritten   .packlineignore\nwritten   bin/run\n' +
        'written   index.js\nwritten   main.js\n',
    )
    const { entries } = await line.client.draft('first')
    expect(entries).toMatchObject([
      { path: '.packlineignore' },
      { path: 'bin/run', executable: true },
      { path: 'index.js', executable: false },
      { path: 'main.js', kind: 'link', linkTarget: 'index.js' },
    ])
    expect(JSON.parse(await text(`first/${STATE}`))).toMatchObject({
      url: line.url,
      function: 'first',
      version: 1,
    })
    expect(await place.leftovers()).toEqual([])
    expect(await run(['pull', 'first', 'copy of first'])).toMatchObject({ code: 0 })
    expect(await readlink(here('copy of first/main.js'))).toBe('index.js')
    expect(await text('copy of first/main.js')).toBe('exports.handler = async () => 1\n')
  })

  test('sends what was changed, added and removed, all at once', async () => {
    await pulled('edited', { 'index.js': '1', 'lib/a.js': 'a', 'old.js': 'old' })
    await place.write({ 'edited/index.js': '2', 'edited/new.js': 'new' })
    await rm(here('edited/old.js'))
    const pushed = await push('edited', '--json')
    expect(pushed).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(pushed.stdout)).toEqual({
      version: 2,
      written: ['index.js', 'new.js'],
      removed: ['old.js'],
    })
    expect(await there('edited')).toEqual({ 'index.js': '2', 'lib/a.js': 'a', 'new.js': 'new' })
    expect(await push('edited')).toEqual({
      code: 0,
      stdout: 'version   2\n',
      stderr: 'nothing differs\n',
    })
  })

  test('loses nothing of another editor: says what differs, and goes on after a pull', async () => {
    await pulled('shared', { 'index.js': '1', 'lib/a.js': 'a', 'old.js': 'old' })
    await elsewhere('shared', { 'lib/a.js': 'theirs', 'more.js': 'more' }, ['old.js'])
    await place.write({ 'shared/index.js': 'mine' })
    const refused = await push('shared')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('The draft of shared has version 2; shared was made on')
    expect(refused.stderr).toContain('only in the draft: lib/a.js, more.js, old.js\n')
    expect(refused.stderr).toContain('changed only here: index.js\n')
    expect(refused.stderr).toContain('mend      packline functions pull shared shared brings it')
    expect((await there('shared'))['index.js']).toBe('1')
    expect((await pull('shared')).stdout).toBe(
      'version   2\nwritten   lib/a.js\nwritten   more.js\nremoved   old.js\nkept      index.js\n',
    )
    expect((await push('shared')).code).toBe(0)
    const both = { 'index.js': 'mine', 'lib/a.js': 'theirs', 'more.js': 'more' }
    expect(await there('shared')).toEqual(both)
  })

  test('of what was changed in both goes on when who pushes says to have seen it', async () => {
    await pulled('twice', { 'index.js': '1' })
    await elsewhere('twice', { 'index.js': 'theirs' })
    await place.write({ 'twice/index.js': 'mine' })
    const refused = await push('twice', '--json')
    expect(refused).toMatchObject({ code: 1, stderr: '' })
    expect(JSON.parse(refused.stdout).failure).toMatchObject({
      code: 'PRECONDITION_FAILED',
      detail: expect.stringContaining('changed in both: index.js'),
      hint: expect.stringContaining('packline functions push twice twice --over 2'),
    })
    const stopped = await pull('twice')
    expect(stopped).toMatchObject({ code: 1, stdout: '' })
    expect(stopped.stderr).toContain('Changed both in twice and in the draft of twice: index.js')
    expect(await text('twice/index.js')).toBe('mine')
    expect(await run(['pull', 'twice', 'theirs of twice'])).toMatchObject({ code: 0 })
    expect(await text('theirs of twice/index.js')).toBe('theirs')
    await place.write({ 'twice/index.js': 'mine and theirs' })
    expect(await push('twice', '--over', '1')).toMatchObject({ code: 1 })
    expect(await push('twice', '--over', '2')).toMatchObject({ code: 0 })
    expect(await there('twice')).toEqual({ 'index.js': 'mine and theirs' })
  })

  test('of a folder that was not pulled goes over no draft unseen', async () => {
    await pulled('known', { 'index.js': '1', 'only-there.js': '' })
    await place.write({ 'stranger/index.js': '2', 'stranger/new.js': '' })
    const refused = await run(['push', 'known', 'stranger'])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('stranger was not pulled from it')
    expect(Object.keys(await there('known'))).toEqual(['index.js', 'only-there.js'])
    expect((await run(['push', 'known', 'stranger', '--over', '1'])).code).toBe(0)
    expect(await there('known')).toEqual({ 'index.js': '2', 'new.js': '' })
  })

  test('of a draft that holds what sources leave out sends that back as well', async () => {
    await pulled('tracked', { 'index.js': '1', '.gitignore': 'x', 'packline.yaml': 'y' })
    await place.write({ 'tracked/index.js': '2' })
    expect(JSON.parse((await push('tracked', '--json')).stdout)).toMatchObject({
      written: ['index.js'],
      removed: [],
    })
    expect(Object.keys(await there('tracked'))).toEqual(['.gitignore', 'index.js', 'packline.yaml'])
  })

  test.each([
    ['no folder', ['push', 'refused', 'nowhere'], 2, 'There is no folder nowhere'],
    ['nothing in it', ['push', 'refused', 'empty'], 2, 'There is nothing in empty to push'],
    ['a function that nobody has', ['push', 'nobody', 'empty'], 1, 'There is no function "nobody"'],
    ['a compiled function', ['push', 'compiled', 'empty'], 1, 'build compiled FOLDER'],
  ])('with %s is refused', async (_, args, code, said) => {
    await mkdir(here('empty'), { recursive: true })
    await line.client.putFunction('refused', { runtime: 'nodejs', handler: 'index.handler' })
    await line.client.saveDraft('refused', {
      version: (await line.client.draft('refused')).version,
      files: { 'a.js': '' },
    })
    await line.client.putFunction('compiled', { runtime: 'go', handler: 'a.Handler' })
    // Over whatever is there: what is refused is something else.
    const { version } = await line.client.draft('refused')
    const ran = await run([...args, '--over', String(version)])
    expect(ran).toMatchObject({ code, stdout: '' })
    expect(ran.stderr).toContain(said)
    expect(await there('refused')).toEqual({ 'a.js': '' })
  })
})

describe('packline functions pull', () => {
  test('writes the draft with its modes and folders, and nothing twice', async () => {
    const name = 'whole'
    await pulled(name, { 'index.js': '1', 'lib/a.js': 'a' })
    await line.client.writeFile(name, 'run', '#!/bin/sh\n', { executable: true })
    await line.client.makeFolder(name, 'empty/folder')
    const again = JSON.parse((await pull(name, '--json')).stdout)
    expect(again).toEqual({
      version: 3,
      written: ['empty/folder', 'run'],
      removed: [],
      kept: [],
    })
    expect((await lstat(here('whole/run'))).mode & 0o777).toBe(0o755)
    expect((await lstat(here('whole/empty/folder'))).isDirectory()).toBe(true)
    expect((await readdir(here(name))).toSorted()).toEqual([
      STATE,
      'empty',
      'index.js',
      'lib',
      'run',
    ])
    expect(await pull(name)).toEqual({ code: 0, stdout: 'version   3\n', stderr: '' })
  })

  test('makes a file of what was a folder, and a folder of what was a file', async () => {
    await pulled('turned', { 'a/b.js': '1', c: '2' })
    await elsewhere('turned', { a: '3', 'c/d.js': '4' }, ['a/b.js', 'c'])
    expect(await pull('turned')).toMatchObject({ code: 0 })
    expect([await text('turned/a'), await text('turned/c/d.js')]).toEqual(['3', '4'])
    await rm(here('turned/c'), { recursive: true })
    await place.write({ 'turned/c': '5' })
    expect(await push('turned')).toMatchObject({ code: 0 })
    expect(await there('turned')).toEqual({ a: '3', c: '5' })
  })

  test('goes over a file that was never pulled with --force alone', async () => {
    await pulled('forced', { 'index.js': 'theirs', 'b.js': 'theirs' })
    await place.write({ 'mine/index.js': 'mine', 'mine/own.txt': 'mine' })
    const refused = await run(['pull', 'forced', 'mine'])
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect((await readdir(here('mine'))).toSorted()).toEqual(['index.js', 'own.txt'])
    expect(await text('mine/index.js')).toBe('mine')
    expect(await run(['pull', 'forced', 'mine', '--force'])).toMatchObject({ code: 0 })
    expect(await text('mine/index.js')).toBe('theirs')
    expect(await text('mine/own.txt')).toBe('mine')
  })

  test('brings back with --force what was changed and removed here', async () => {
    await pulled('reset', { 'index.js': '1', 'b.js': 'b' })
    await writeFile(here('reset/index.js'), 'mine')
    await rm(here('reset/b.js'))
    expect((await pull('reset')).stdout).toBe('version   1\nkept      b.js\nkept      index.js\n')
    expect(await text('reset/index.js')).toBe('mine')
    expect(await pull('reset', '--force')).toMatchObject({ code: 0 })
    expect([await text('reset/index.js'), await text('reset/b.js')]).toEqual(['1', 'b'])
  })

  test('of a compiled function says why there is nothing', async () => {
    await line.client.putFunction('java', { runtime: 'java', handler: 'a.B.c' })
    const refused = await pull('java')
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain('Java is compiled')
    expect(refused.stderr).toContain('packline functions build java FOLDER')
  })
})
