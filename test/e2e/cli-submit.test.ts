import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeWorkplace, type RunSettings, type Workplace } from '../harness/command-line.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { whileFrozen } from '../harness/processes.ts'

const HELLO = 'exports.handler = async () => 42\n'

let line: TestLine
let place: Workplace
beforeAll(async () => {
  line = await startTestLine()
  place = await makeWorkplace()
  await place.write({
    'hello/index.js': HELLO,
    'broken/main.js': HELLO,
    'broken/package.json': '{}',
  })
})
afterAll(async () => {
  await line?.stop()
  await place?.remove()
})

function run(args: readonly string[], settings: RunSettings = {}) {
  const environment = { PACKLINE_URL: line.url, PACKLINE_KEY: line.key, ...settings.environment }
  return place.run(args, { ...settings, environment })
}

/** The build that a command printed as its result. */
async function submitted(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(['submit', ...args])
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) })
  expect(stdout).toMatch(/^b\w{26}\n$/)
  return stdout.trim()
}

async function ended(id: string): Promise<string> {
  await Array.fromAsync(line.client.events(id))
  return id
}

describe('packline submit', () => {
  test('of a small folder prints the id alone; how to follow it goes elsewhere', async () => {
    const { code, stdout, stderr } = await run(['submit', 'hello'])
    const id = stdout.trim()
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${id}\n` })
    expect(stderr).toContain('runtime   nodejs: index.js\n')
    expect(stderr).toContain(`follow    packline logs -f ${id}\n`)
    await ended(id)
    expect(await line.client.build(id)).toMatchObject({
      function: 'hello',
      state: 'succeeded',
    })
    expect((await line.client.report(id)).pin?.kind).toBe('inline')
  })

  test('of a larger folder uploads a ZIP, the same for the same files, without what is ignored', async () => {
    await place.write({
      'large/index.js': HELLO,
      'large/text.bin': Buffer.alloc(300_000, 'text'),
      'large/secret.txt': 'not for the server',
      'large/.packlineignore': 'secret.txt\n',
      'large/.git/config': 'not for the server',
      'large/run.sh': '#!/bin/sh\n',
    })
    const first = await ended(await submitted(['large']))
    await place.write({ 'large/index.js': HELLO })
    const second = await ended(await submitted(['large']))
    const builds = await Promise.all([first, second].map((id) => line.client.build(id)))
    const pins = await Promise.all([first, second].map((id) => line.client.report(id)))
    expect(pins[0]?.pin?.kind).toBe('upload')
    expect(pins[0]?.pin).toEqual(pins[1]?.pin)
    expect(builds[0]?.package?.entries).toBe(3)
    expect(builds[0]?.package?.sha256).toBe(builds[1]?.package?.sha256)
    expect(await place.leftovers()).toEqual([])
  })

  test('makes the same package as packline pack does here', async () => {
    const packed = await run(['pack', 'hello', '--no-load', '--json', '-o', 'here.zip'])
    const id = await ended(await submitted(['hello', '--no-load']))
    expect((await line.client.build(id)).package?.sha256).toBe(JSON.parse(packed.stdout).sha256)
  })

  test('of a finished package hands it in as it is', async () => {
    await run(['pack', 'hello', '-o', 'hello.zip'])
    const { code, stdout } = await run(['submit', 'hello.zip', '--wait', '--json'])
    expect(code).toBe(0)
    const { build, report } = JSON.parse(stdout)
    expect(build).toMatchObject({ function: 'hello', state: 'succeeded' })
    expect(report).toMatchObject({ as: 'package', mended: [], pin: { kind: 'upload' } })
    const digest = createHash('sha256').update(await readFile(join(place.folder, 'hello.zip')))
    expect(build.package.sha256).toBe(digest.digest('hex'))
  })

  test('--wait says what it does in plain lines, and ends with the package', async () => {
    const { code, stdout, stderr } = await run(['submit', 'hello', '--wait'])
    expect(code).toBe(0)
    expect(stderr).toMatch(/^hello: queued\n/m)
    expect(stderr).toMatch(/^hello: proved, \d+ B\n/m)
    expect(stderr).not.toContain('\u001b')
    expect(stdout).toMatch(
      /^package {3}s3:\/\/.*\.zip\nsize .*\nsha256 {4}[0-9a-f]{64}\nverdict {3}proved/,
    )
    expect(stderr).toMatch(/^fetch {5}packline download b/m)
  })

  test('--follow shows steps and what the handler printed', async () => {
    await place.write({ 'loud/index.js': `console.log('at load')\n${HELLO}` })
    const { code, stdout, stderr } = await run(['submit', 'loud', '--follow'])
    expect(code).toBe(0)
    expect(stderr).toMatch(/^validate /m)
    expect(stderr).toContain('| at load\n')
    expect(stdout).toMatch(/^verdict {3}proved/m)
  })

  test('that fails says why in one screen, and exits with 1', async () => {
    const { code, stdout, stderr } = await run(['submit', 'broken', '--wait'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^failed {4}at \w+: .* \((VALIDATION_FAILED|ENTRY_MISSING)\)$/m)
    expect(stderr).toMatch(/^mend /m)
  })

  test('of a repository takes branch and folder from its address or its options', async () => {
    const plain = ['git+https://127.0.0.1:1/our/code.git#stable', '--path', 'functions/one']
    // What was asked for is no part of a build any more when that has ended and is archived.
    const queued = await whileFrozen(line.workers[0], async () =>
      line.client.build(await submitted([...plain, '--runtime', 'nodejs'])),
    )
    await line.client.cancel(queued.id).catch(() => undefined)
    expect(queued.function).toBe('one')
    expect(queued.request?.source).toMatchObject({
      kind: 'git',
      url: 'https://127.0.0.1:1/our/code.git',
      ref: 'stable',
      path: 'functions/one',
    })
  })

  test('carries labels, priority and options to the server', async () => {
    const given = [
      '--label',
      'team=a',
      '--label',
      'env=b=c',
      '--priority',
      'bulk',
      '--timeout',
      '60',
    ]
    const queued = await whileFrozen(line.workers[0], async () =>
      line.client.build(await submitted(['hello', '--name', 'other', '--no-load', ...given])),
    )
    expect(queued).toMatchObject({
      function: 'other',
      labels: { team: 'a', env: 'b=c' },
      priority: 'bulk',
      request: { build: { load: false, timeoutSeconds: 60 } },
    })
    await ended(queued.id)
    expect((await line.client.build(queued.id)).verdict?.verdict).toBe('not-loaded')
  })

  test('is refused in the language of the shell, what the server found and how to mend it', async () => {
    await place.write({ 'text.zip': 'a text file' })
    const args = ['submit', 'text.zip', '--runtime', 'nodejs', '--handler', 'index.handler']
    const { code, stderr } = await run(args, { environment: { LANG: 'zh_CN.UTF-8' } })
    expect(code).not.toBe(0)
    const [error = '', found = '', mend = ''] = stderr.split('\n')
    for (const text of [error, found, mend]) expect(text).toMatch(/\p{Script=Han}/u)
    expect(stderr).not.toMatch(/Found|expected|Pack /)
  })

  test.each([
    ['nothing that is there', ['submit', 'nowhere'], 2, 'There is no nowhere here'],
    ['an address without a runtime', ['submit', 's3://b/k.zip'], 2, 'Say --runtime'],
    ['a branch of a folder', ['submit', 'hello', '--ref', 'main'], 2, 'belong to a git repository'],
    ['a label that is none', ['submit', 'hello', '--label', 'x'], 2, 'expected name=value'],
    ['a wrong name', ['submit', 'hello', '--name', '1 2'], 2, '--name: must be a letter'],
    [
      'a runtime that the server refuses',
      ['submit', 'hello', '--runtime-version', '1'],
      2,
      /mend /,
    ],
    ['a package that nobody has', ['submit', 'hello', '--dependency', 'none'], 1, /no such/i],
    ['a build that nobody has', ['status', 'b0'], 1, 'There is no such thing'],
    ['a build without a package', ['retry'], 2, 'Name either a build or --failed'],
  ])('%s is said in a few lines, and nothing is asked for', async (_, args, code, said) => {
    const before = (await line.client.builds({ limit: 1 })).items[0]?.id
    const ran = await run(args)
    expect(ran).toMatchObject({ code, stdout: '' })
    if (typeof said === 'string') expect(ran.stderr).toContain(said)
    else expect(ran.stderr).toMatch(said)
    expect((await line.client.builds({ limit: 1 })).items[0]?.id).toBe(before)
  })
})
