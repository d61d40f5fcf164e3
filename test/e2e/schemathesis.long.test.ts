import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { BATCH_ID } from '../../services/api/src/examples/batches.ts'
import { BUILD_ID } from '../../services/api/src/examples/builds.ts'
import { DEPENDENCY_REQUEST } from '../../services/api/src/examples/dependencies.ts'
import { FUNCTION_PUT } from '../../services/api/src/examples/functions.ts'
import { DELIVERY_ID, HOOK_ID } from '../../services/api/src/examples/hooks.ts'
import { makeGitHubHook } from '../harness/github-hook.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { needs } from '../harness/needs.ts'
import { zipOf } from '../harness/subject.ts'

const VERSION = '4.32.5'
const SECONDS_MAX = 240
const INSTALL_MS_MAX = 600_000

/** Whether the service holds to what it says of itself; whom it lets in has tests of its own. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
]

let line: TestLine
beforeAll(async () => {
  line = await startTestLine()
})
afterAll(() => line.stop())
beforeEach((context) => needs(context, 'pip'))

const SECRET = `whsec_${Buffer.from('canary-canary-canary-canary!').toString('base64')}`

const hello: BuildRequestInput = {
  function: 'hello',
  runtime: 'nodejs',
  handler: 'index.handler',
  source: { kind: 'inline', files: { 'index.js': 'exports.handler = () => 1\n' } },
}

/** What the examples of the description name, made; their ids are answered by those of here. */
async function made(): Promise<Record<string, string>> {
  const { client } = line
  await client.putFunction('hello', { ...FUNCTION_PUT, version: undefined })
  const callback = { url: 'https://callbacks.example/told', secret: SECRET }
  const build = { bundle: true, sourceMap: true }
  const built = await client.submit({ ...hello, build, callback })
  const batch = await client.submitBatch({ builds: [hello], callback })
  for (const { id } of [built, await client.submit(hello)]) {
    await Array.fromAsync(client.events(id))
  }
  await Array.fromAsync(client.batchEvents(batch.id))
  await client.pointAlias('hello', 'stable', 1)
  for (const text of ['one', 'two']) {
    const files = { 'node_modules/greeting/index.js': text }
    const source = { kind: 'upload', upload: await uploaded(files) } as const
    const { name, runtime } = DEPENDENCY_REQUEST
    const { id } = await client.addDependency({ name, runtime, source })
    await Array.fromAsync(client.events(id))
  }
  const hook = await makeGitHubHook(line, { repository: 'https://git.example/our/code.git' })
  const { delivery } = (await hook.deliver({})).answer.body
  return {
    [BUILD_ID]: built.id,
    [BATCH_ID]: batch.id,
    [HOOK_ID]: hook.id,
    [DELIVERY_ID]: delivery,
    // Uploads of the examples are digests that look the same.
    ['f'.repeat(64)]: await uploaded({ 'index.js': 'exports.handler = () => 2\n' }),
  }
}

async function uploaded(files: Record<string, string>): Promise<string> {
  const bytes = await zipOf(files)
  return (await line.client.upload(bytes, bytes.length)).upload
}

/** The description with ids of what is there, so that not every path is answered by a 404. */
async function description(): Promise<{ file: string; operations: number }> {
  const ids = await made()
  // What is asked for from here on waits: it is made up, and its tools would run for minutes.
  await Promise.all(line.workers.map((worker) => worker.stop()))
  const text = await (await line.fetch('/openapi.json')).text()
  const real = Object.entries(ids).reduce((done, [from, to]) => done.replaceAll(from, to), text)
  const { paths } = JSON.parse(real) as Described
  await expectThere(paths)
  const file = join(line.folder, 'openapi.json')
  await writeFile(file, real)
  return { file, operations: Object.values(paths).flatMap((path) => Object.keys(path)).length }
}

interface Described {
  paths: Record<string, Record<string, { parameters?: Parameter[] }>>
}

interface Parameter {
  in: string
  name: string
  example?: string
  schema?: { example?: string; examples?: string[] }
}

/** Each path's example leads to something: a call that finds nothing says little of its answer. */
async function expectThere(paths: Described['paths']): Promise<void> {
  const reads = Object.entries(paths).filter(([path, { get }]) => get && path.includes('{'))
  expect(reads.length).toBeGreaterThan(25)
  const answers = reads.map(async ([path, { get }]) => {
    const named = get?.parameters?.filter((parameter) => parameter.in === 'path') ?? []
    const full = named.reduce(
      (done, parameter) => done.replace(`{${parameter.name}}`, exampleOf(parameter)),
      path,
    )
    const query = path.endsWith('/diff') ? '?from=1&to=2' : ''
    const answer = await line.fetch(full + query)
    await answer.body?.cancel()
    return [full, answer.status]
  })
  expect((await Promise.all(answers)).filter(([, status]) => status !== 200)).toEqual([])
}

function exampleOf({ example, schema }: Parameter): string {
  return example ?? schema?.example ?? schema?.examples?.[0] ?? ''
}

const run = promisify(execFile)

/** A Python that has schemathesis, kept beside the tests' caches. */
async function python(): Promise<string> {
  const folder = join(import.meta.dirname, '../../.local/test-cache', `schemathesis-${VERSION}`)
  const path = join(folder, 'bin/python')
  if (existsSync(path)) return path
  const partial = `${folder}.${process.pid}`
  await run('python3', ['-m', 'venv', partial])
  const install = ['-m', 'pip', 'install', '--quiet', `schemathesis==${VERSION}`]
  await run(join(partial, 'bin/python'), install, { timeout: INSTALL_MS_MAX })
  // Another run may have been faster.
  await rename(partial, folder).catch(() => rm(partial, { recursive: true }))
  return path
}

/** What it printed where it found something, and how many operations it has called. */
async function found(file: string, ...more: string[]): Promise<[found: string, tested: number]> {
  const argv = [
    ['-m', 'schemathesis.cli', 'run', file, '--url', line.url],
    ['--header', `Authorization: Bearer ${line.key}`],
    ['--checks', CHECKS.join(','), '--phases', 'examples,coverage,fuzzing'],
    ['--suppress-health-check', 'all', '--request-timeout', '20', '--no-color', '--seed', '1'],
    more,
  ].flat()
  const options = { cwd: line.folder, maxBuffer: 1e8, timeout: 2 * SECONDS_MAX * 1000 }
  const { stdout, code } = await run(await python(), argv, options)
    .then(({ stdout }) => ({ stdout, code: 0 }))
    .catch((error: { stdout: string; code: number }) => error)
  const tested = Number(/Tested: +(\d+)/.exec(stdout)?.[1])
  return [code === 0 ? '' : stdout.slice(-20_000), tested]
}

/** The events of a build and of a batch, and a build's log. */
const STREAMS = 3
const MADE_UP_MS_MAX = INSTALL_MS_MAX + SECONDS_MAX * 3000

test(
  'requests made up for every operation find no 5xx and no answer that is not described',
  async () => {
    const { file, operations } = await description()
    const streams = '/(events|log)$'
    // First, while all builds have ended: the stream of one that waits does not end.
    const few = ['--max-examples', '10', '--max-time', '60', '--include-path-regex', streams]
    expect(await found(file, ...few)).toEqual(['', STREAMS])
    const all = ['--max-examples', '25', '--max-time', String(SECONDS_MAX)]
    const others = await found(file, ...all, '--exclude-path-regex', streams)
    expect(others).toEqual(['', operations - STREAMS])
  },
  MADE_UP_MS_MAX,
)
