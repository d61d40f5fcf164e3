import type { BuildView, NumberedPackage } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeWorkplace, type RunSettings, type Workplace } from '../harness/command-line.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

const MANIFEST = `functions:
  listed:
    path: code
    runtime: nodejs
    handler: index.run
    labels: { team: blue }
    build: { load: false }
`
const SETTINGS = { runtime: 'nodejs', version: '20.15', handler: 'index.handler' } as const

let line: TestLine
let place: Workplace
beforeAll(async () => {
  line = await startTestLine()
  place = await makeWorkplace()
  await place.write({ 'code/index.js': 'exports.run = async () => 1\n', 'packline.yaml': MANIFEST })
})
afterAll(async () => {
  await line?.stop()
  await place?.remove()
})

function run(args: readonly string[], settings: RunSettings = {}) {
  const environment = { PACKLINE_URL: line.url, PACKLINE_KEY: line.key }
  return place.run(['functions', ...args], { ...settings, environment })
}

/** What a command printed as JSON; it must have done it, and said nothing else. */
async function json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await run([...args, '--json'])
  expect({ args, code, stderr }).toMatchObject({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

describe('packline functions put', () => {
  test('registers a function by its options, shows it, lists it, and deletes it', async () => {
    expect(await run(['list'])).toEqual({ code: 0, stdout: '', stderr: 'no functions\n' })
    const options = [
      ...['--runtime', 'nodejs', '--runtime-version', '20.15', '--handler', 'index.handler'],
      ...['--description', 'greets', '--keep-count', '5', '--keep-days', '30', '--label', 'a=b=c'],
      ...['--exclude', '*.md', '--timeout', '60', '--template'],
    ]
    const { code, stdout, stderr } = await run(['put', 'hello', ...options])
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'next      packline functions build hello --wait\n',
    })
    expect(stdout).toMatch(
      /^function {2}hello\nis {8}greets\nruntime {3}nodejs 20\.15, event, x86_64\nhandler {3}index\.handler\nlabels {4}a=b=c\nkeeps {5}5 packages, 30 days\ndraft {5}1 file, \d+ B, version 1\n$/,
    )
    expect((await run(['show', 'hello'])).stdout).toBe(stdout)
    expect(await json('show', 'hello')).toMatchObject({
      labels: { a: 'b=c' },
      keep: { count: 5, days: 30 },
      build: { exclude: ['*.md'], timeoutSeconds: 60 },
    })
    expect((await run(['list'])).stdout).toBe(
      'function  runtime       handler        files  current  newest\n' +
        'hello     nodejs 20.15  index.handler  1\n',
    )
    const again = await json('put', 'hello', '--runtime', 'nodejs')
    expect(again).toMatchObject({ handler: 'index.handler', draft: { files: 1 } })
    expect(again.description).toBeUndefined()
    expect(await run(['delete', 'hello'])).toEqual({
      code: 0,
      stdout: 'deleted   hello\n',
      stderr: '',
    })
    expect(await json('list')).toEqual({ items: [] })
  })

  test('takes the settings of a manifest, and the rest of its options', async () => {
    const args = ['put', 'listed', '--manifest', '.', '--description', 'from the manifest']
    const made = await json(...args)
    expect(made).toMatchObject({
      handler: 'index.run',
      labels: { team: 'blue' },
      build: { load: false },
      description: 'from the manifest',
    })
    expect((await run(['put', 'listed', '--manifest', 'packline.yaml'])).stderr).toBe(
      'next      packline functions push listed FOLDER\n',
    )
  })

  test.each([
    ['nothing that says what it is', ['put', 'f'], 'Say --runtime and --handler, or --manifest'],
    ['a runtime that is none', ['put', 'f', '--runtime', 'ruby'], 'Allowed choices are nodejs'],
    ['a handler that is none', ['put', 'f', '--runtime', 'nodejs', '--handler', 'x'], 'handler'],
    ['a wrong name', ['put', '1 2', '--runtime', 'nodejs'], 'must be a letter'],
    ['a name that is a step', ['put', '..', '--runtime', 'nodejs'], 'no name, id or part'],
    ['a label that is none', ['put', 'f', '--runtime', 'go', '--label', 'x'], 'name=value'],
    ['a pattern too long', ['put', 'f', '--runtime', 'go', '--exclude', 'x'.repeat(300)], '256'],
    ['no manifest', ['put', 'f', '--manifest', 'none.yaml'], 'There is no manifest none.yaml'],
    ['what it does not list', ['put', 'f', '--manifest', '.'], 'It lists listed.'],
    [
      'what the manifest says twice',
      ['put', 'listed', '--manifest', '.', '--handler', 'a.b'],
      "option '--manifest <path>' cannot be used with option '--handler <handler>'",
    ],
  ])('with %s is wrong usage, and nothing is registered', async (_, args, said) => {
    const ran = await run(args)
    expect(ran).toMatchObject({ code: 2, stdout: '' })
    expect(ran.stderr).toContain(said)
    await expect(line.client.function('f')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('packages of a function', () => {
  test('are built of its files, numbered, compared, and rolled back', async () => {
    await line.client.putFunction('numbered', SETTINGS)
    expect(await run(['packages', 'numbered'])).toMatchObject({ stderr: 'no packages\n' })
    await place.write({ 'src/index.js': 'exports.handler = async () => 1\n', 'src/old.js': '' })
    expect((await run(['push', 'numbered', 'src'])).code).toBe(0)
    const first = await run(['build', 'numbered', '--wait'])
    expect(first).toMatchObject({ code: 0 })
    expect(first.stdout).toMatch(/^package {3}s3:\/\/.*\.zip\nsize /)
    expect(first.stderr).toMatch(/^numbered: proved, \d+ B$/m)
    await line.client.saveDraft('numbered', {
      version: 1,
      files: { 'index.js': 'exports.handler = async () => 2 + 2\n', 'new.js': '' },
      deletes: ['old.js'],
    })
    const { build } = await json<{ build: BuildView }>('build', 'numbered', '--wait')
    expect(build).toMatchObject({ state: 'succeeded', number: 2 })
    const listed = await run(['packages', 'numbered'])
    const [head, ...rows] = listed.stdout.trimEnd().split('\n')
    expect(head).toMatch(/^package {2}aliases {2}size .* build$/)
    expect(rows).toEqual([
      expect.stringMatching(new RegExp(`^2 +current +\\d+ B +proved .* ${build.id}$`)),
      expect.stringMatching(/^1 {5,}\d+ B +proved /),
    ])
    const diff = await run(['diff', 'numbered', '1', 'current'])
    expect(diff).toEqual({
      code: 0,
      stdout:
        'added    0 B           new.js\nremoved  0 B           old.js\nchanged  32 B -> 36 B  index.js\n',
      stderr: 'files     1 added, 1 removed, 1 changed, 0 the same\n',
    })
    expect(await json('diff', 'numbered', '2', '2')).toMatchObject({ counts: { same: 2 } })
    expect(await run(['alias', 'numbered', 'stable', '2'])).toMatchObject({
      stdout: 'stable    2\n',
    })
    const back = await run(['rollback', 'numbered'])
    expect(back).toMatchObject({ code: 0, stdout: 'current   1\n' })
    expect(back.stderr).toContain('the next build that succeeds moves it on')
    const { items } = await json<{ items: NumberedPackage[] }>('packages', 'numbered')
    expect(items.map(({ number, aliases }) => [number, aliases])).toEqual([
      [2, ['stable']],
      [1, ['current']],
    ])
    expect(await run(['rollback', 'numbered'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('numbered has no package before 1'),
    })
    expect(await json('rollback', 'numbered', '2')).toEqual({ alias: 'current', number: 2, was: 1 })
  })

  test('that an alias points to hold the function, until the alias is removed', async () => {
    await line.client.putFunction('held', SETTINGS)
    await line.client.saveDraft('held', {
      version: 0,
      files: { 'index.js': 'exports.handler = async () => 1\n' },
    })
    expect((await run(['build', 'held', '--follow'])).code).toBe(0)
    await run(['alias', 'held', 'stable', '1'])
    expect((await run(['show', 'held'])).stdout).toContain('aliases   current 1, stable 1\n')
    const held = await run(['delete', 'held'])
    expect(held).toMatchObject({ code: 1, stdout: '' })
    expect(held.stderr).toContain('packline functions alias held ALIAS --remove')
    expect(await run(['alias', 'held', 'stable', '--remove'])).toMatchObject({
      code: 0,
      stdout: 'removed   stable\n',
    })
    const current = await run(['alias', 'held', 'current', '--remove'])
    expect(current.stderr).toContain('packline functions alias held current NUMBER')
    expect((await run(['delete', 'held'])).code).toBe(0)
  })

  test('are built of a folder with what the function says, labels and priority beside it', async () => {
    await line.client.putFunction('listed', { ...SETTINGS, handler: 'index.run' })
    const asked = ['build', 'listed', 'code', '--label', 'from=here', '--priority', 'bulk']
    const { code, stdout, stderr } = await run(asked)
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^b\w{26}\n$/) })
    expect(stderr).toBe(`source    1 file inline\nfollow    packline logs -f ${stdout.trim()}\n`)
    const build = await line.client.build(stdout.trim())
    expect(build).toMatchObject({ function: 'listed', labels: { from: 'here' }, priority: 'bulk' })
    await Array.fromAsync(line.client.events(build.id))
    expect(await line.client.build(build.id)).toMatchObject({ state: 'succeeded' })
  })

  test('that do not load fail as a build does, in the language of who asks', async () => {
    await line.client.putFunction('broken', SETTINGS)
    await line.client.saveDraft('broken', { version: 0, files: { 'other.js': '' } })
    const { code, stdout, stderr } = await run(['build', 'broken', '--wait', '--lang', 'zh'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^failed .*\p{Script=Han}/mu)
  })

  test.each([
    ['no files', ['build', 'none'], 1, 'packline functions push NAME FOLDER'],
    ['no function', ['build', 'nobody'], 1, 'packline functions put NAME'],
    ['a source that is not here', ['build', 'none', 'nowhere'], 2, 'There is no nowhere here'],
    ['a branch of no source', ['build', 'none', '--ref', 'main'], 2, 'belong to a source'],
    ['no package', ['rollback', 'none'], 1, 'none has no package before'],
    ['no such package', ['alias', 'none', 'stable', '7'], 1, 'packline functions packages none'],
    ['a number that is none', ['alias', 'none', 'stable', 'x'], 2, 'a whole number'],
    ['neither number nor --remove', ['alias', 'none', 'stable'], 2, 'Name either a number or'],
    ['a name that no alias has', ['diff', 'none', '1', '@'], 2, 'to'],
  ])('with %s are told in a few lines', async (_, args, code, said) => {
    await line.client.putFunction('none', SETTINGS)
    const ran = await run(args)
    expect(ran).toMatchObject({ code, stdout: '' })
    expect(ran.stderr).toContain(said)
  })
})

describe('on the way to a server', () => {
  test('every command says the same where there is none, and in JSON what failed', async () => {
    const commands = [
      ['list'],
      ['show', 'f'],
      ['files', 'ls', 'f'],
      ['pull', 'f', 'folder'],
      ['push', 'f', 'code'],
      ['packages', 'f'],
    ]
    for (const command of commands) {
      const { code, stdout } = await place.run(['functions', ...command, '--json'])
      expect({ command, code }).toEqual({ command, code: 4 })
      expect(JSON.parse(stdout).failure.code).toBe('SERVER_UNREACHABLE')
    }
  })

  test('a key that is none is not allowed', async () => {
    const environment = { PACKLINE_URL: line.url, PACKLINE_KEY: 'nonsense' }
    const { code, stdout } = await place.run(['functions', 'list'], { environment })
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
  })
})
