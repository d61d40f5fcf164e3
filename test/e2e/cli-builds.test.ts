import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeWorkplace, type RunSettings, type Workplace } from '../harness/command-line.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

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

describe('a build that is there', () => {
  test('is shown, listed and fetched, whole or not at all', async () => {
    await ended(await submitted(['hello', '--name', 'older']))
    const id = await ended(await submitted(['hello', '--name', 'mine', '--label', 'who=me']))
    const { stdout } = await run(['status', id])
    expect(stdout).toMatch(/^function {2}mine\nruntime {3}nodejs 20\.15\nstate {5}succeeded$/m)
    expect(JSON.parse((await run(['status', id, '--json'])).stdout)).toMatchObject({ id })
    const listed = await run([
      'list',
      '--function',
      'mine',
      '--label',
      'who=me',
      '--state',
      'succeeded',
    ])
    expect(listed.stdout).toMatch(
      new RegExp(`^build .*\\n${id} {2}mine {6}nodejs 20\\.15 {2}succeeded `),
    )
    const { items } = JSON.parse((await run(['list', '--limit', '1', '--json'])).stdout)
    expect(items).toMatchObject([{ id }])
    expect(await run(['list', '--function', 'nobodys'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'no builds\n',
    })
    const fetched = await run(['download', id, '-o', 'fetched/'])
    expect(fetched).toMatchObject({ code: 0, stderr: '' })
    const path = join(place.folder, 'fetched/mine.zip')
    expect(fetched.stdout).toContain(`package   ${path}\n`)
    const bytes = await readFile(path)
    const { package: made } = await line.client.build(id)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(made?.sha256)
    expect((await stat(path)).size).toBe(made?.size)
    const taken = await run(['download', id, '-o', join(path, 'below')])
    expect(taken).toMatchObject({ code: 2, stdout: '' })
  })

  test("brings a bundle's source map with the package", async () => {
    await place.write({ 'mapped/index.js': HELLO })
    const id = await ended(await submitted(['mapped', '--bundle', '--source-map']))
    expect((await run(['download', id, '-o', 'mapped.zip'])).stdout).toMatch(
      /^map .*mapped\.zip\.map$/m,
    )
    const map = await readFile(join(place.folder, 'mapped.zip.map'), 'utf8')
    expect(JSON.parse(map)).toMatchObject({ version: 3, sources: ['index.js'] })
  })

  test('prints what its tools said: all of it, what looks wrong, or with its steps', async () => {
    await place.write({
      'said/index.js': `console.log('all is well')\nconsole.log('Error: a little')\n${HELLO}`,
    })
    const id = await ended(await submitted(['said']))
    const all = await run(['logs', id])
    expect(all).toEqual({ code: 0, stdout: 'all is well\nError: a little\n', stderr: '' })
    const wrong = await run(['logs', id, '--errors'])
    expect(wrong.stdout).toBe('Error: a little\n')
    const steps = await run(['logs', id, '--step'])
    expect(steps.stdout).toMatch(
      /^== attempt 1 on .*\n(== .*\n)*== validate: .*\n(== .*\n)*all is well\n/,
    )
    const json = (await run(['logs', id, '--json'])).stdout.trim().split('\n')
    expect(json.map((text) => JSON.parse(text).line)).toEqual(['all is well', 'Error: a little'])
  })

  test('that failed says why with its log', async () => {
    const { stdout } = await run(['submit', 'broken', '--json'])
    const id = await ended(JSON.parse(stdout).id)
    expect(await run(['logs', id, '--errors'])).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^failed /),
    })
    expect(await run(['logs', id, '-f'])).toMatchObject({ code: 1 })
    expect((await run(['status', id])).stdout).toMatch(/^failed {4}at /m)
    expect((await run(['list', '--state', 'failed'])).stdout).toContain('VALIDATION_FAILED')
    expect(await run(['download', id])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/it has no package/),
    })
  })

  test('is asked for again as a new one, once it has ended', async () => {
    const id = await ended(await submitted(['hello']))
    const again = await run(['retry', id, '--wait'])
    expect(again.code).toBe(0)
    expect(again.stdout).toMatch(/^verdict {3}proved/m)
    const { stdout } = await run(['retry', id])
    expect(await line.client.build(stdout.trim())).toMatchObject({ retryOf: id })
  })

  test('is cancelled, and who waits for it is told', async () => {
    await place.write({ 'slow/index.js': `${'while (Date.now() < 0) {}\n'}${SLEEPS}${HELLO}` })
    let id = ''
    const waited = run(['submit', 'slow', '--follow'], {
      onStart: async () => {
        id = await theRunningBuild('slow')
        await run(['cancel', id])
      },
    })
    const { code, stdout, stderr } = await waited
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('cancelled asked for\n')
    expect((await run(['cancel', id])).stdout).toBe('state     cancelled\n')
  })

  test('goes on when who follows it stops with a signal, and can be taken up again', async () => {
    await place.write({ 'long/index.js': `${SLEEPS}${HELLO}` })
    let id = ''
    const { code, stdout, stderr } = await run(['submit', 'long', '--follow'], {
      onStart: async (pid) => {
        id = await theRunningBuild('long')
        process.kill(pid, 'SIGINT')
      },
    })
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
    expect(stderr).toMatch(
      new RegExp(`goes on {3}packline logs -f ${id} takes it up again\\nstopped\\n$`),
    )
    expect((await line.client.build(id)).state).toBe('running')
    const followed = run(['logs', '-f', '--step', id])
    await line.client.cancel(id)
    expect(await followed).toMatchObject({ code: 1, stderr: 'state     cancelled\n' })
  })
})

/** The handler's file is loaded in the sandbox, and waits there. */
const SLEEPS = `require('node:child_process').execFileSync('/bin/sleep', ['20'])\n`

async function theRunningBuild(name: string): Promise<string> {
  for (;;) {
    const { items } = await line.client.builds({ function: name, state: 'running' })
    if (items[0]) return items[0].id
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
