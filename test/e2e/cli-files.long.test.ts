import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeWorkplace, type RunSettings, type Workplace } from '../harness/command-line.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { zipOf } from '../harness/subject.ts'

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

function run(args: readonly string[], settings: RunSettings = {}) {
  const environment = { PACKLINE_URL: line.url, PACKLINE_KEY: line.key }
  return place.run(['functions', ...args], { ...settings, environment })
}

/** What a command printed; it must have done it. */
async function done(args: readonly string[], settings?: RunSettings): Promise<string> {
  const { code, stdout, stderr } = await run(args, settings)
  expect({ args, code, stderr }).toMatchObject({ code: 0 })
  return stdout
}

const pathsOf = async (name: string) =>
  (await line.client.draft(name)).entries.map(({ path }) => path)

async function registered(name: string, changes: object = {}) {
  await line.client.putFunction(name, { runtime: 'nodejs', handler: 'index.handler', ...changes })
}

describe('packline functions files', () => {
  test('are listed, read, written, moved and removed', async () => {
    await registered('each')
    expect(await run(['files', 'ls', 'each'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'no files\nversion   0\n',
    })
    await place.write({ 'code.js': 'exports.handler = async () => 1\n' })
    expect(await done(['files', 'put', 'each', 'lib/a.js', 'code.js'])).toBe('version   1\n')
    expect(await done(['files', 'put', 'each', 'note.txt'], { input: '函数\n' })).toBe(
      'version   2\n',
    )
    expect(await done(['files', 'cat', 'each', 'note.txt'])).toBe('函数\n')
    const listed = await run(['files', 'ls', 'each'])
    expect(listed.stdout).toBe('size  mode  path\n32 B        lib/a.js\n7 B         note.txt\n')
    expect(listed.stderr).toBe('version   2\n')
    await done(['files', 'mv', 'each', 'lib/a.js', 'index.js'])
    await done(['files', 'rm', 'each', 'note.txt'])
    expect(await pathsOf('each')).toEqual(['index.js'])
    await done(['files', 'rm', 'each', '--all'])
    expect(await pathsOf('each')).toEqual([])
  })

  test('are bytes as they are, and may be run where the file here may', async () => {
    await registered('kinds')
    const bytes = Buffer.from([0, 255, 1])
    await place.write({ 'a.bin': bytes, 'run.sh': '#!/bin/sh\n' })
    await done(['files', 'put', 'kinds', 'a.bin', 'a.bin'])
    await done(['files', 'put', 'kinds', 'bootstrap', 'run.sh', '--executable'])
    await done(['files', 'put', 'kinds', 'bootstrap', '--force'], { input: '#!/bin/bash\n' })
    const shown = JSON.parse(await done(['files', 'cat', 'kinds', 'a.bin', '--json']))
    expect(shown).toMatchObject({ path: 'a.bin', base64: bytes.toString('base64') })
    const { entries } = JSON.parse(await done(['files', 'ls', 'kinds', '--json']))
    expect(entries).toMatchObject([
      { path: 'a.bin', executable: false },
      { path: 'bootstrap', executable: true, size: 12 },
    ])
    expect(await done(['files', 'ls', 'kinds'])).toContain('run   bootstrap\n')
    await done(['files', 'put', 'kinds', 'bootstrap', 'run.sh', '--force', '--no-executable'])
    expect((await line.client.draft('kinds')).entries[1]?.executable).toBe(false)
  })

  test('that are there are written over by who says to have seen them, and by nobody else', async () => {
    await registered('seen', { template: true })
    const put = (...more: string[]) =>
      run(['files', 'put', 'seen', 'index.js', ...more], { input: 'exports.handler = 1\n' })
    const blind = await put()
    expect(blind).toMatchObject({ code: 1, stdout: '' })
    expect(blind.stderr).toContain('index.js is there already\n')
    expect(blind.stderr).toContain('(packline functions files ls seen), then say --over 1.')
    expect(await put('--over', '1')).toMatchObject({ code: 0, stdout: 'version   2\n' })
    const late = await put('--over', '1', '--json')
    expect(late.code).toBe(1)
    expect(JSON.parse(late.stdout).failure).toMatchObject({
      code: 'PRECONDITION_FAILED',
      detail: 'The draft of seen has version 2; the change was made on 1',
    })
    expect(await put('--force')).toMatchObject({ code: 0 })
    expect(await run(['files', 'rm', 'seen', 'index.js', '--over', '1'])).toMatchObject({ code: 1 })
    expect(await run(['files', 'mv', 'seen', 'index.js', 'a.js', '--over', '3'])).toMatchObject({
      code: 0,
    })
    expect(await pathsOf('seen')).toEqual(['a.js'])
  })

  test.each([
    ['a file that is not here', ['put', 'wrong', 'a.js', 'none.js'], 2, 'There is no file none.js'],
    ['a folder as a file', ['put', 'wrong', 'a.js', '.'], 2, '. is no file'],
    ['a path that leads out', ['put', 'wrong', '../a.js', 'here.js'], 2, 'no name, id or part'],
    ['nothing to remove', ['rm', 'wrong'], 2, 'Name either a path or --all'],
    ['two ways to say it', ['rm', 'wrong', 'a.js', '--all'], 2, 'Name either a path or --all'],
    ['a file that nobody has', ['cat', 'wrong', 'none.js'], 1, 'packline functions files ls NAME'],
    ['a function that nobody has', ['ls', 'nobody'], 1, 'packline functions put NAME'],
    ['a version that is none', ['rm', 'wrong', 'a', '--over', 'x'], 2, 'a whole number'],
    ['two preconditions', ['put', 'wrong', 'a', '--over', '1', '--force'], 2, 'cannot be used'],
  ])('%s is said in a few lines', async (_, args, code, said) => {
    await place.write({ 'here.js': '' })
    await registered('wrong')
    const ran = await run(['files', ...args])
    expect(ran).toMatchObject({ code, stdout: '' })
    expect(ran.stderr).toContain(said)
    expect(await pathsOf('wrong')).toEqual([])
  })
})

describe('packline functions import', () => {
  test('puts the files of a ZIP in place of those there, for who has seen them', async () => {
    await registered('imported')
    const first = await zipOf({ 'index.js': 'exports.handler = async () => 1\n', 'lib/a.js': '' })
    const other = await zipOf({ 'main.js': '' })
    await place.write({ 'first.zip': first, 'other.zip': other })
    expect(await done(['import', 'imported', 'first.zip'])).toBe('version   1\nfiles     2\n')
    const blind = await run(['import', 'imported', 'other.zip'])
    expect(blind).toMatchObject({ code: 1, stdout: '' })
    expect(blind.stderr).toContain('The draft of imported is there already')
    expect(await pathsOf('imported')).toEqual(['index.js', 'lib/a.js'])
    const shown = JSON.parse(
      await done(['import', 'imported', 'other.zip', '--over', '1', '--json']),
    )
    expect(shown).toMatchObject({ version: 2, files: 1, editable: true })
    await done(['import', 'imported', 'first.zip', '--force'])
    expect(await pathsOf('imported')).toEqual(['index.js', 'lib/a.js'])
  })

  test('of a large ZIP says that it is listed and not opened', async () => {
    await registered('large')
    const large = { 'index.js': '', 'model.bin': Buffer.alloc(21 * 1024 * 1024) }
    await place.write({ 'large.zip': await zipOf(large) })
    const { code, stdout, stderr } = await run(['import', 'large', 'large.zip'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'version   1\nfiles     2\n' })
    expect(stderr).toMatch(/^read-only .*it is listed and not opened$/m)
    for (const command of [
      ['push', 'large', '.'],
      ['pull', 'large', 'elsewhere'],
    ]) {
      const refused = await run(command)
      expect(refused).toMatchObject({ code: 1, stdout: '' })
      expect(refused.stderr).toContain('packline functions import large ZIP --force')
    }
  })

  test('of what is no ZIP, or not there, changes nothing', async () => {
    await registered('unchanged')
    await place.write({ 'text.zip': 'no archive' })
    expect(await run(['import', 'unchanged', 'none.zip'])).toMatchObject({ code: 2, stdout: '' })
    expect(await run(['import', 'unchanged', 'text.zip'])).toMatchObject({ code: 1, stdout: '' })
    expect((await line.client.draft('unchanged')).version).toBe(0)
    expect(await readFile(join(place.folder, 'text.zip'), 'utf8')).toBe('no archive')
  })
})
