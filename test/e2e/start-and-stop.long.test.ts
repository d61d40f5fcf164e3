import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { cloneTree } from '../harness/clone.ts'
import { needs } from '../harness/needs.ts'
import { npmStart, processesOf, type Started } from '../harness/npm-start.ts'
import { until } from '../harness/processes.ts'

/** `npm start` as a user runs it, in clones whose paths hold a space, on two small functions. */
const EXAMPLES = {
  hello: { runtime: 'nodejs', handler: 'index.handler' },
  broken: { runtime: 'nodejs', handler: 'index.other', labels: { expect: 'VALIDATION_FAILED' } },
}
const CODE = 'exports.handler = async () => "你好"\n'
/** Without npm, which needs a shell and itself on PATH. */
const LAUNCHER: [string, ...string[]] = [process.execPath, 'bin/launch.mjs', 'start']
/** The worker hands back what it has, the rest ends at once. */
const STOPPED_MS_MAX = 15_000

let folder: string
let clone: string
let other: string

async function makeClone(name: string): Promise<string> {
  const made = join(folder, name)
  await cloneTree(made)
  await writeExamples(made, EXAMPLES)
  return made
}

async function writeExamples(
  place: string,
  functions: Record<string, unknown>,
  code = CODE,
): Promise<void> {
  await rm(join(place, 'examples'), { recursive: true, force: true })
  await mkdir(join(place, 'examples/code'), { recursive: true })
  await writeFile(join(place, 'examples/code/index.js'), code)
  const listed = Object.entries(functions).map(([name, one]) => [
    name,
    { ...(one as object), path: 'code' },
  ])
  const manifest = { functions: Object.fromEntries(listed) }
  // JSON is YAML.
  await writeFile(join(place, 'examples/packline.yaml'), JSON.stringify(manifest))
}

const started: Started[] = []
async function start(place: string, ...rest: [string[]?, Parameters<typeof npmStart>[2]?]) {
  const one = await npmStart(place, ...rest)
  started.push(one)
  return one
}

/** Nothing that it started is left, whichever way it ended. */
async function nothingLeft(place: string): Promise<void> {
  let left: { command: string }[] = []
  const isEmpty = async () => {
    left = await processesOf(place)
    return left.length === 0
  }
  await until(isEmpty, STOPPED_MS_MAX).catch(() => undefined)
  expect(left).toEqual([])
}

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'packline start ')))
  clone = await makeClone('one clone')
  other = await makeClone('another clone')
})
beforeEach((context) => needs(context, 'redis', 'npm', 'git'))
afterEach(async () => {
  for (const one of started.splice(0)) {
    one.child.kill('SIGTERM')
    await one.exited
  }
})
afterAll(async () => {
  await nothingLeft(folder).finally(() => rm(folder, { recursive: true, force: true }))
})

test('--once packs the examples, prints plain lines into a file and leaves nothing', async () => {
  const run = await start(clone, ['--once'])
  expect(await run.exited, await run.output()).toBe(0)
  const text = await run.output()
  expect(text).not.toContain('\u001B')
  expect(text).not.toContain('\r')
  const lines = text.split('\n')
  expect(lines.find((line) => line.startsWith('Redis    '))).toMatch(/on PATH|given by URL/)
  expect(lines.find((line) => line.startsWith('store    '))).toMatch(/MinIO \(|a folder/)
  expect(lines.find((line) => line.startsWith('tools    '))).toMatch(/npm \d/)
  expect(lines).toContain('packaging 2 examples as one batch')
  expect(lines.filter((line) => line.startsWith('hello: ')).at(0)).toBe('hello: queued')
  expect(lines).toContain('broken: failed: VALIDATION_FAILED')
  expect(text).toMatch(/│ hello +│ nodejs 20\.15 +│ 1\d\d B │ (proved|checked|not-loaded) +│/)
  expect(text).toMatch(/packages lie in (s3:\/\/packline\/|\.local\/store\/)packages\/dev\//)
  expect(text).toContain('broken failed at validate: The package breaks rules of the platform')
  expect(lines).toContain(
    '1 packaged, 1 failed, 0 not built: as expected (broken fails on purpose)',
  )
  expect(text).not.toContain('READY')
  const table = lines.filter((line) => /^[┌├└│]/.test(line))
  expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(120)
  await nothingLeft(clone)
})

test('two clones run side by side; Ctrl-C ends one, kill -9 of its launcher the other', async () => {
  const runs = [await start(clone), await start(other)] as const
  const [first, second] = await Promise.all(runs.map((run) => run.ready()))
  if (!first || !second) throw new Error('never ready')
  // Ports that others have are stepped over.
  expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect(second.url).not.toBe(first.url)
  expect(second.key).not.toBe(first.key)
  const ask = ({ url }: { url: string }, { key }: { key: string }) =>
    fetch(`${url}/v1/builds`, { headers: { authorization: `Bearer ${key}` } })
  expect((await ask(first, first)).status).toBe(200)
  expect((await ask(first, second)).status).toBe(401)

  const refused = await start(clone)
  expect(await refused.exited, await refused.output()).toBe(1)
  expect(await refused.output()).toMatch(
    /^npm start runs in this clone already \(process \d+\)\. Stop it with Ctrl-C there, .*\n$/,
  )

  runs[0].child.kill('SIGINT')
  await until(() => runs[0].child.exitCode !== null, STOPPED_MS_MAX)
  await nothingLeft(clone)
  expect((await ask(second, second)).status).toBe(200)

  const launcher = (await processesOf(other)).find(({ command }) => /launch\.mjs/.test(command))
  process.kill(launcher?.pid ?? 0, 'SIGKILL')
  await runs[1].exited
  await nothingLeft(other)
})

test('SIGTERM ends it in good order; the key is the same when it is started again', async () => {
  const [before, run] = [await readFile(join(clone, '.local/key'), 'utf8'), await start(clone)]
  const { key, url } = await run.ready()
  expect(key).toBe(before)
  const headers = { authorization: `Bearer ${key}` }
  const listed = (await (await fetch(`${url}/v1/builds`, { headers })).json()) as { items: [] }
  // What was built before the restart is still known.
  expect(listed.items.length).toBeGreaterThan(2)
  run.child.kill('SIGTERM')
  await until(() => run.child.exitCode !== null || run.child.signalCode !== null, STOPPED_MS_MAX)
  await nothingLeft(clone)
})

test('--once ends with 1 where a build does not end as its example says', async () => {
  await writeExamples(other, { hello: { ...EXAMPLES.hello, handler: 'index.other' } })
  const run = await start(other, ['--once'])
  expect(await run.exited, await run.output()).toBe(1)
  const lines = (await run.output()).split('\n')
  expect(lines).toContain('0 packaged, 1 failed, 0 not built: NOT as expected')
  expect(lines).toContain('  hello: VALIDATION_FAILED, expected succeeded')
})

test('a worker that dies in the middle ends it with one line, not a wait for ever', async () => {
  await writeExamples(other, { hello: EXAMPLES.hello }, `${CODE}while (true) {}\n`)
  const run = await start(other, ['--once'])
  await until(async () => /^hello: validate$/m.test(await run.output()), 100_000)
  const worker = (await processesOf(other)).find(({ command }) => /services\/worker/.test(command))
  process.kill(worker?.pid ?? 0, 'SIGKILL')
  await until(() => run.child.exitCode !== null, STOPPED_MS_MAX)
  expect(await run.exited, await run.output()).toBe(1)
  const text = await run.output()
  expect(text.trim().split('\n').at(-1)).toBe(
    'The worker ended by itself (by a signal). .local/worker.log says more.',
  )
  await nothingLeft(other)
})

test('SIGTERM in the middle of the batch ends it with 143, as a shell has it', async () => {
  await writeExamples(other, { hello: EXAMPLES.hello }, `${CODE}while (true) {}\n`)
  const run = await start(other, ['--once'], { argv: LAUNCHER })
  await until(async () => /^hello: validate$/m.test(await run.output()), 100_000)
  run.child.kill('SIGTERM')
  expect(await run.exited, await run.output()).toBe(143)
  await nothingLeft(other)
})

test('a port that is taken is stepped over', async () => {
  await writeExamples(other, { hello: EXAMPLES.hello })
  // Taken by this test, or by somebody else already.
  const server = createServer().listen(8080, '127.0.0.1')
  await once(server, 'listening').catch(() => undefined)
  const run = await start(other)
  const { url } = await run.ready()
  expect(Number(new URL(url).port)).not.toBe(8080)
  server.close()
})

test('a folder that can not be written is said in one line', async (context) => {
  needs(context, 'sandbox')
  const readOnly = ['--bind', '/', '/', '--dev-bind', '/dev', '/dev', '--ro-bind', clone, clone]
  const npm = ['npm', 'start', '--silent', '--']
  const bwrap = process.env.PACKLINE_TEST_BWRAP ?? ''
  const run = await start(clone, [], { argv: [bwrap, ...readOnly, '--chdir', clone, ...npm] })
  expect(await run.exited, await run.output()).toBe(1)
  expect(await run.output()).toMatch(/^.*\.local.* can not be written \(EROFS\)\. .*\n$/)
})

test('where no Redis is to be had one line says how to mend it', async () => {
  const bare = join(folder, 'bare')
  await mkdir(bare, { recursive: true })
  const environment = { PATH: bare, PACKLINE_REDIS_URL: '' }
  const run = await start(clone, ['--once'], { argv: LAUNCHER, environment })
  expect(await run.exited, await run.output()).toBe(1)
  expect(await run.output()).toMatch(
    /^No Redis here \(.*\)\. Install redis-server or valkey, or set PACKLINE_REDIS_URL=.*\n$/,
  )
})

test('what the machine lacks is named with the way to get it, and is no failure', async () => {
  const maven = { runtime: 'java', version: '17', handler: 'com.example.Hello.handle' }
  await writeExamples(other, { hello: EXAMPLES.hello, maven })
  await writeFile(join(other, 'examples/code/pom.xml'), '<project/>')
  const tools = join(folder, 'few tools')
  await mkdir(tools)
  for (const name of ['sh', 'sleep']) await symlink(`/bin/${name}`, join(tools, name))
  const redis = process.env.PACKLINE_TEST_REDIS
  const environment = { PATH: [tools, ...(redis ? [dirname(redis)] : [])].join(':') }
  const run = await start(other, ['--once'], { argv: LAUNCHER, environment })
  expect(await run.exited, await run.output()).toBe(0)
  const lines = (await run.output()).split('\n')
  const lack = lines.find((text) => text.startsWith('maven: not built'))
  expect(lack).toMatch(/^maven: not built: no (Maven|JDK) here \((apt-get|brew) install \S+\)$/)
  expect(lines).toContain('1 packaged, 0 failed, 1 not built: as expected')
  expect(lines.find((text) => text.startsWith('│ maven'))).toMatch(/│ not built │.*│ no \w+ here /)
})

test('where no sandbox is to be had, what is loaded sees nothing of the clone', async () => {
  const strays = "module.paths.some((path) => require('fs').existsSync(path + '/yazl'))"
  const code = `if (${strays}) throw new Error('it sees the clone')\n${CODE}`
  await writeExamples(other, { hello: EXAMPLES.hello }, code)
  await rm(join(other, '.local/debian'), { recursive: true, force: true })
  const tools = join(folder, 'no sandbox')
  await mkdir(tools)
  for (const name of ['sh', 'sleep']) await symlink(`/bin/${name}`, join(tools, name))
  const redis = process.env.PACKLINE_TEST_REDIS
  const environment = { PATH: [tools, ...(redis ? [dirname(redis)] : [])].join(':') }
  const run = await start(other, ['--once'], { argv: LAUNCHER, environment })
  expect(await run.exited, await run.output()).toBe(0)
})

test('an option that there is not gives the usage and 2, --help gives it and 0', async () => {
  const unknown = await start(clone, ['--twice'])
  expect(await unknown.exited, await unknown.output()).toBe(2)
  expect(await unknown.output()).toMatch(/^There is no option --twice\.\n\nusage: npm start/)
  const help = await start(clone, ['--help'])
  expect(await help.exited, await help.output()).toBe(0)
  expect(await help.output()).toMatch(/^usage: npm start/)
})
