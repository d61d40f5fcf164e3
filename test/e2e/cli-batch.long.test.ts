import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeWorkplace, type RunSettings, type Workplace } from '../harness/command-line.ts'
import { commitFiles, makeRepository } from '../harness/git-server.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { needs } from '../harness/needs.ts'

const HELLO = 'exports.handler = async () => 42\n'
const MANIFEST = `functions:
  one: { path: functions/one, runtime: nodejs, handler: index.handler }
  two: { path: functions/two, runtime: nodejs, handler: index.handler }
  bad: { path: functions/one, runtime: nodejs, handler: missing.handler }
`

let line: TestLine
let place: Workplace
beforeAll(async () => {
  line = await startTestLine()
  place = await makeWorkplace()
  await place.write({
    'repo/packline.yaml': MANIFEST,
    'repo/functions/one/index.js': HELLO,
    'repo/functions/two/index.js': HELLO,
    'repo/functions/two/large.txt': Buffer.alloc(200_000, 'x'),
    'other/packline.yaml': 'functions:\n  one: { runtime: nodejs, handler: index.handler }\n',
    'other/index.js': HELLO,
    'wrong/packline.yaml': 'functions:\n  one: { runtime: ruby }\n',
    'stray/packline.yaml': `${MANIFEST}  old: { runtime: nodejs, version: "4.3", handler: a.b }\n`,
    'stray/functions/one/index.js': HELLO,
    'stray/functions/two/index.js': HELLO,
    'gone/packline.yaml': 'functions:\n  one: { path: nowhere, runtime: nodejs }\n',
  })
})
afterAll(async () => {
  await line?.stop()
  await place?.remove()
})

function run(args: readonly string[], settings: RunSettings = {}) {
  const environment = { PACKLINE_URL: line.url, PACKLINE_KEY: line.key }
  return place.run(args, { environment, ...settings })
}

describe('packline batch', () => {
  let id = ''

  test('sends what a manifest lists, and says of each what came of it', async () => {
    const { code, stdout, stderr } = await run(['batch', 'repo', '--wait', '--label', 'run=1'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^sent {6}3 functions\nbatch {5}batch\w+\n/)
    id = /^batch {5}(\w+)$/m.exec(stderr)?.[1] ?? ''
    expect(stderr).toMatch(/^one: (proved, \d+ B|succeeded)$/m)
    expect(stderr).toMatch(/^bad: failed/m)
    expect(stderr).not.toContain('\u001b')
    expect(stdout).toMatch(/│ one +│ nodejs 20\.15 │ .* proved/)
    expect(stdout).toMatch(/│ two +│ nodejs 20\.15 │ .* proved/)
    expect(stdout).toMatch(/│ bad +│ nodejs 20\.15 │ .* failed/)
    expect(stderr).toMatch(/^bad failed at .*\n {2}\w/m)
    expect(await line.client.batch(id)).toMatchObject({ labels: { run: '1' }, finished: true })
    expect(await place.leftovers()).toEqual([])
  })

  test('is shown by its counts, and what failed of it is asked for again', async () => {
    const shown = await run(['status', id])
    expect(shown.stdout).toMatch(/^builds {4}3: 2 succeeded, 1 failed\nstate {5}finished$/m)
    const { code, stdout, stderr } = await run(['retry', '--failed', id, '--wait', '--json'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    const { batch, builds } = JSON.parse(stdout)
    expect(batch.counts).toMatchObject({ total: 1, failed: 1 })
    expect(builds).toMatchObject([{ function: 'bad', state: 'failed' }])
    const none = await run(['list', '--batch', id, '--state', 'failed', '--json'])
    expect(JSON.parse(none.stdout).items).toMatchObject([{ id: builds[0].retryOf }])
  })

  test('without --wait prints the id alone, and ends with 0 where all succeed', async () => {
    const { code, stdout, stderr } = await run(['batch', 'repo/packline.yaml', '--only', 'one'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^batch\w+\n$/) })
    expect(stderr).toContain(`look      packline status ${stdout}`)
    await Array.fromAsync(line.client.batchEvents(stdout.trim()))
    const here = await run(['batch', '--wait', '--json'], { cwd: 'other' })
    expect(here.code).toBe(0)
    expect(JSON.parse(here.stdout).builds).toMatchObject([{ function: 'one', state: 'succeeded' }])
    const cancelled = await run(['cancel', stdout.trim()])
    expect(cancelled).toMatchObject({ code: 0, stdout: 'cancelled 0 builds\n' })
    const all = await run(['download', stdout.trim(), '-o', 'all.zip'])
    expect(all).toMatchObject({ code: 0, stderr: '' })
    expect((await readFile(join(place.folder, 'all.zip'))).subarray(0, 2).toString()).toBe('PK')
  })

  test('of a repository has the server read the manifest, and takes what changed since', async (context) => {
    needs(context, 'git')
    const repository = join(place.folder, 'code')
    const first = await makeRepository(repository, {
      'packline.yaml': MANIFEST,
      'functions/one/index.js': HELLO,
      'functions/two/index.js': HELLO,
    })
    await commitFiles(repository, { 'functions/two/index.js': `// changed\n${HELLO}` })
    const address = `git+file://${repository}#main`
    const { code, stdout } = await run(['batch', address, '--since', first, '--wait', '--json'])
    expect({ code, builds: JSON.parse(stdout).builds }).toMatchObject({
      code: 0,
      builds: [{ function: 'two', state: 'succeeded' }],
    })
    const none = await run(['batch', `git+file://${place.folder}/nowhere`, '--wait'])
    expect(none.code).toBe(1)
    expect(none.stderr).toMatch(/^The repository failed .*SOURCE_/m)
  })

  test.each([
    ['there is no manifest', ['batch', 'nowhere'], 2, 'There is no manifest nowhere'],
    ['it is wrong', ['batch', 'wrong'], 1, 'functions.one.runtime'],
    ['the server takes one not', ['batch', 'stray'], 2, 'Leave version out'],
    ['it lists no such function', ['batch', 'repo', '--only', 'x'], 2, 'It lists one, two, bad'],
    ['it is no repository', ['batch', 'repo', '--since', 'x'], 2, 'belong to a git repository'],
    ['a folder is not there', ['batch', 'gone'], 2, 'The function one has no folder nowhere'],
  ])('says in a few lines that %s, and asks for nothing', async (_, args, code, said) => {
    const before = (await line.client.batches({ limit: 1 })).items[0]?.id
    const ran = await run(args)
    expect(ran).toMatchObject({ code, stdout: '' })
    expect(ran.stderr).toContain(said)
    expect((await line.client.batches({ limit: 1 })).items[0]?.id).toBe(before)
  })
})

test('more than fits into one request goes with it in part, the rest as archives before', async () => {
  const count = 600
  const names = Array.from({ length: count }, (_, at) => `f${at}`)
  const entry = (name: string) =>
    `  ${name}: { path: code, runtime: nodejs, handler: index.handler }\n`
  await place.write({
    'large/packline.yaml': `functions:\n${names.map(entry).join('')}`,
    'large/code/index.js': HELLO,
    // Whose 70 MB would be more than a request takes.
    'large/code/words.txt': 'word\n'.repeat(24_000),
  })
  const { code, stdout, stderr } = await run(['batch', 'large'])
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('600 func') })
  const id = stdout.trim()
  await line.client.cancelBatch(id)
  expect((await line.client.batch(id)).counts.total).toBe(count)
})

describe('on a terminal', () => {
  /** What stood there at some time: lines without colours and movements. */
  const shownBy = (text: string) => stripVTControlCharacters(text).split(/\r?\n/)

  test('a batch has a bar for what runs and one over all, and leaves a table', async (context) => {
    needs(context, 'terminal')
    const { code, stdout } = await run(['batch', 'repo', '--wait'], { onTerminal: () => undefined })
    expect(code).toBe(1)
    expect(stdout).toContain('\u001b[')
    const lines = shownBy(stdout)
    expect(lines.some((text) => /^ {2}[█░]{12} {2}\d of 3 /.test(text))).toBe(true)
    expect(lines.some((text) => /^ {2}(one|two|bad) +[█░]{12} {2}\w/.test(text))).toBe(true)
    expect(lines.some((text) => /^ {2}two: proved, \d/.test(text))).toBe(true)
    expect(lines.findLast((text) => text.startsWith('│ bad'))).toContain('failed')
    // The cursor is given back.
    expect(stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001b[?25l'))
  })

  test('Ctrl-C while waiting says how to look again, and gives the terminal back', async (context) => {
    needs(context, 'terminal')
    const sleeps = `require('node:child_process').execFileSync('/bin/sleep', ['20'])\n`
    await place.write({ 'slow/index.js': `${sleeps}${HELLO}` })
    let stopped = false
    const { code, stdout } = await run(['submit', 'slow', '--wait'], {
      onTerminal: (shown, type) => {
        if (stopped || !/slow +[█░]+ {2}\w/.test(stripVTControlCharacters(shown))) return
        stopped = true
        type('\u0003')
      },
    })
    expect(code).toBe(130)
    const lines = shownBy(stdout)
    // The terminal itself may show what was typed.
    const said = lines.find((text) => /^(\^C)?goes on/.test(text)) ?? ''
    const [, id = ''] = /packline logs -f (b\w+) takes it up again/.exec(said) ?? []
    expect(lines).toContain('stopped')
    expect(stdout.lastIndexOf('\u001b[?25h')).toBeGreaterThan(stdout.lastIndexOf('\u001b[?25l'))
    expect(['queued', 'running']).toContain((await line.client.build(id)).state)
    await line.client.cancel(id)
  })
})
