import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { BuildView } from '@packline/shared'
import { storeFromUrl } from '@packline/stores'
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest'
import { type Example, readExamples } from '../../services/start/src/examples.ts'
import { callJava, callNode, callPlugin, callPython } from '../harness/call-handler.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { has, type NeedName, needs } from '../harness/needs.ts'
import { askHttp, giveEvents } from '../harness/platform.ts'

/** Each example, from request to a package in the store that its own runtime loads and calls. */
const run = promisify(execFile)
/** Without caches Go compiles its standard library, and Maven fetches its plugins. */
const COLD_MS_MAX = 600_000

let line: TestLine
let folder: string
let examples: Example[] = []
const ids = new Map<string, string>()

beforeAll(async () => {
  examples = await readExamples(join(import.meta.dirname, '../../examples'))
  folder = await mkdtemp(join(tmpdir(), 'packline-examples-'))
  line = await startTestLine()
  // All at once, as npm start does: each test waits for its own.
  const { builds } = await line.client.submitBatch({
    builds: examples.map(({ request }) => request),
  })
  for (const [index, { name }] of examples.entries()) ids.set(name, builds[index] ?? '')
})
afterAll(async () => {
  await line?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

async function ended(name: string): Promise<BuildView> {
  const id = ids.get(name)
  if (id === undefined) throw new Error(`packline.yaml has no ${name}`)
  // The stream ends with the build.
  for await (const _ of line.client.events(id, AbortSignal.timeout(COLD_MS_MAX)));
  return line.client.build(id)
}

interface Unpacked {
  build: BuildView
  /** The package as it was downloaded, and the folder that it was unpacked into. */
  file: string
  folder: string
  entries: string[]
}

/** Waits for an example's package, downloads it, reads it with three tools and unpacks it. */
async function unpacked(
  context: TestContext,
  name: string,
  ...tools: NeedName[]
): Promise<Unpacked> {
  needs(context, 'unzip', ...tools)
  const build = await ended(name)
  expect(build.failure).toBeUndefined()
  expect(build.state).toBe('succeeded')
  const file = await download(build)
  const target = join(folder, name)
  await run('unzip', ['-tq', file])
  await run('unzip', ['-q', file, '-d', target])
  const read = 'import sys, zipfile\nprint(zipfile.ZipFile(sys.argv[1]).testzip())'
  if (has('python')) expect((await run('python3', ['-c', read, file])).stdout).toBe('None\n')
  const { stdout } = await run('unzip', ['-Z1', file])
  return { build, file, folder: target, entries: stdout.trim().split('\n') }
}

/** What the API gives and what lies in the store are the same bytes as the record says. */
async function download({ id, package: made }: BuildView): Promise<string> {
  const response = await line.fetch(`/v1/builds/${id}/package`)
  const bytes = Buffer.from(await response.arrayBuffer())
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(made?.sha256)
  expect(bytes.length).toBe(made?.size)
  const store = storeFromUrl(line.storeUrl)
  try {
    const found = await store.head(made?.key ?? '')
    expect(found?.size).toBe(bytes.length)
  } finally {
    await store.close()
  }
  const file = join(folder, `${id}.${made?.format}`)
  await writeFile(file, bytes)
  return file
}

test('hello-node answers in Chinese', async (context) => {
  const made = await unpacked(context, 'hello-node')
  expect(made.entries).toEqual(['index.js'])
  const answer = { statusCode: 200, body: '{"greeting":"你好，世界"}' }
  expect(await callNode(made.folder, {})).toEqual(answer)
})

test('hello-python answers after its initializer', async (context) => {
  const made = await unpacked(context, 'hello-python', 'python')
  expect(made.entries).toEqual(['index.py'])
  const answer = { statusCode: 200, body: '{"greeting": "你好，王小明"}' }
  expect(await callPython(made.folder, { name: '王小明' }, '3.10')).toEqual(answer)
})

test('hello-java is one jar whose method is called with the platform’s context', async (context) => {
  const made = await unpacked(context, 'hello-java', 'java')
  expect(made.file).toMatch(/\.jar$/)
  expect((await run('jar', ['tf', made.file])).stdout).toContain('com/example/Hello.class\n')
  const answer = await callJava([made.file], 'com.example.Hello', '王小明')
  expect(answer).toBe('{body=你好，王小明, statusCode=200}')
})

test(
  'hello-go is a plugin that a host opens and calls',
  async (context) => {
    const made = await unpacked(context, 'hello-go', 'go', 'compiler')
    expect(made.entries).toEqual(['hello.so'])
    const answer = await callPlugin(join(made.folder, 'hello.so'), { name: '王小明' })
    expect(answer).toEqual({ message: 'Hello, 王小明' })
  },
  COLD_MS_MAX,
)

test('hello-shell takes events of the platform and answers each', async (context) => {
  const made = await unpacked(context, 'hello-shell', 'curl')
  expect(made.entries).toEqual(['bootstrap'])
  const sent = await giveEvents('./bootstrap', made.folder, ['{"name":"世界"}', '7'])
  expect(sent).toEqual([
    {
      path: '/v1/runtime/invocation/response/event-1',
      body: { greeting: '你好', event: { name: '世界' } },
    },
    { path: '/v1/runtime/invocation/response/event-2', body: { greeting: '你好', event: 7 } },
  ])
})

test('http-node is started by its bootstrap and answers on its port', async (context) => {
  const made = await unpacked(context, 'http-node', 'sandbox')
  expect(made.entries).toEqual(['bootstrap', 'server.js'])
  const bwrap = process.env.PACKLINE_TEST_BWRAP ?? ''
  const answer = await askHttp(bwrap, made.folder, `/?name=${encodeURIComponent('王小明')}`)
  expect(JSON.parse(answer)).toEqual({ greeting: '你好，王小明' })
})

test(
  'node-with-npm brings its dependency',
  async (context) => {
    const made = await unpacked(context, 'node-with-npm', 'npm')
    expect(made.entries).toContain('node_modules/ms/index.js')
    const answer = { statusCode: 200, body: '3 days 是 259200000 毫秒' }
    expect(await callNode(made.folder, { duration: '3 days' })).toEqual(answer)
  },
  COLD_MS_MAX,
)

test(
  'python-with-pip brings its dependencies for the version that was asked for',
  async (context) => {
    const made = await unpacked(context, 'python-with-pip', 'python', 'pip')
    expect(made.entries).toContain('jinja2/__init__.py')
    const compiled = made.entries.filter((entry) => entry.endsWith('.so'))
    expect(compiled).toEqual([expect.stringMatching(/^markupsafe\/_speedups\.cpython-310-x86_64/)])
    const answer = { statusCode: 200, body: '<p>你好，&lt;王小明&gt;</p>' }
    expect(await callPython(made.folder, { name: '<王小明>' }, '3.10')).toEqual(answer)
  },
  COLD_MS_MAX,
)

test(
  'java-with-maven brings its library as a jar beside its own',
  async (context) => {
    const made = await unpacked(context, 'java-with-maven', 'java', 'maven')
    expect(made.file).toMatch(/\.zip$/)
    const jars = (await readdir(made.folder)).toSorted().map((name) => join(made.folder, name))
    expect(made.entries.toSorted()).toEqual(['greeting-1.0.0.jar', 'json-20240303.jar'])
    for (const jar of jars) expect((await run('jar', ['tf', jar])).stdout).toContain('.class\n')
    const answer = await callJava(jars, 'com.example.Greeting', '王小明')
    expect(answer).toBe('{"greeting":"你好，王小明"}')
  },
  COLD_MS_MAX,
)

test(
  'go-with-modules is an executable that takes events of the platform and answers each',
  async (context) => {
    const made = await unpacked(context, 'go-with-modules', 'go')
    expect(made.entries).toEqual(['greeting'])
    const events = ['{"name":"王小明"}', 'no JSON at all']
    const [first, second] = await giveEvents('./greeting', made.folder, events)
    expect(first).toEqual({
      path: '/v1/runtime/invocation/response/event-1',
      body: { id: expect.stringMatching(/^[0-9a-f-]{36}$/), message: 'Hello, 王小明' },
    })
    expect(second).toEqual({
      path: '/v1/runtime/invocation/error/event-2',
      body: { errorMessage: 'the event is no JSON object' },
    })
  },
  COLD_MS_MAX,
)

test('broken-on-purpose fails as its entry says, naming the folder and the way out', async () => {
  const build = await ended('broken-on-purpose')
  const expected = examples.find(({ name }) => name === 'broken-on-purpose')?.expect
  expect(build.failure).toMatchObject({ code: expected, blame: 'caller', step: 'validate' })
  expect(build.failure?.detail).toContain('everything lies in the folder "app"')
  expect(build.failure?.findings).toMatchObject([
    { rule: 'entry-at-root', level: 'error', path: 'app/index.js' },
  ])
  expect(build.failure?.hint).toContain('build.unwrap')
  const response = await line.fetch(`/v1/builds/${build.id}/package`)
  expect(response.status).toBe(404)
})
