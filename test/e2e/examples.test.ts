import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Example, readExamples } from '../../services/start/src/examples.ts'
import { type TestBuild, type TestEngine, testEngine } from '../harness/engine.ts'
import { needs } from '../harness/needs.ts'

const run = promisify(execFile)

let engine: TestEngine
let examples: Example[] = []
beforeAll(async () => {
  engine = await testEngine()
  examples = await readExamples(join(import.meta.dirname, '../../examples'))
})
afterAll(() => engine.close())

async function build(name: string): Promise<TestBuild> {
  const example = examples.find((one) => one.name === name)
  if (!example) throw new Error(`packline.yaml has no ${name}`)
  return engine.build(example.request)
}

/** Unpacks a package with Info-ZIP, hands its folder over and removes it. */
async function unpacked<T>({ path, outcome }: TestBuild, work: (folder: string) => Promise<T>) {
  if (!path) throw new Error(JSON.stringify(outcome.status === 'failed' && outcome.failure))
  const folder = await mkdtemp(join(tmpdir(), 'packline-call-'))
  try {
    await run('unzip', ['-q', path, '-d', folder])
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

test.for([
  ['hello-node', '{"greeting":"你好，世界"}'],
  ['node-with-npm', '2 days 是 172800000 毫秒'],
])('%s is packed, unpacked and called', async ([name = '', body], context) => {
  needs(context, 'unzip', ...(name === 'node-with-npm' ? (['npm'] as const) : []))
  const made = await build(name)
  expect(made.outcome.report.findings).toEqual([])
  expect(made.outcome.report.verdict.verdict).toMatch(/^(proved|checked)$/)
  const script = 'require("./index.js").handler({}).then((it) => console.log(JSON.stringify(it)))'
  await unpacked(made, async (folder) => {
    const { stdout } = await run(process.execPath, ['-e', script], { cwd: folder })
    expect(JSON.parse(stdout)).toEqual({ statusCode: 200, body })
  })
})

test('http-node is started at its port, with the interpreter that its bootstrap names', async (context) => {
  needs(context, 'sandbox')
  const { outcome } = await build('http-node')
  expect(outcome).toMatchObject({ status: 'succeeded', report: { findings: [] } })
  expect(outcome.report.verdict.because).toMatch(/^loaded by its own bootstrap with Node\.js/)
})

test('hello-shell is packed, unpacked and answers an event of the platform', async (context) => {
  needs(context, 'unzip', 'curl')
  const made = await build('hello-shell')
  expect(made.outcome.report).toMatchObject({ verdict: { verdict: 'proved' }, findings: [] })
  await unpacked(made, async (folder) => {
    expect(await answerOf(folder)).toEqual({
      path: '/v1/runtime/invocation/response/event-1',
      body: { greeting: '你好', event: { name: '世界' } },
    })
  })
})

test('broken-on-purpose fails as its entry says, naming the folder and the way out', async () => {
  const { outcome } = await build('broken-on-purpose')
  const expected = examples.find(({ name }) => name === 'broken-on-purpose')?.expect
  if (outcome.status !== 'failed') throw new Error('it did not fail')
  expect(outcome.failure).toMatchObject({ code: expected, blame: 'caller', step: 'validate' })
  expect(outcome.failure.detail).toContain('everything lies in the folder "app"')
  expect(outcome.failure.hint).toContain('build.unwrap')
})

/** Starts bootstrap with one event to fetch, as the platform would, and gives what it answers. */
async function answerOf(folder: string): Promise<{ path: string | undefined; body: unknown }> {
  const platform = createServer()
  const answered = new Promise<{ path: string | undefined; body: unknown }>((resolve) => {
    platform.on('request', async (request, response) => {
      const sent = await text(request)
      if (request.method === 'POST') resolve({ path: request.url, body: JSON.parse(sent) })
      response.setHeader('X-Cff-Request-Id', 'event-1')
      response.end('{"name":"世界"}')
    })
  })
  platform.listen(0, '127.0.0.1')
  await once(platform, 'listening')
  const { port } = platform.address() as AddressInfo
  const env = { PATH: process.env.PATH, RUNTIME_API_ADDR: `127.0.0.1:${port}` }
  const child = spawn('./bootstrap', [], { cwd: folder, env, detached: true, stdio: 'ignore' })
  const ended = once(child, 'exit')
  try {
    const early = ended.then(([code]) => Promise.reject(new Error(`bootstrap ended with ${code}`)))
    return await Promise.race([answered, early])
  } finally {
    if (child.pid && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    await ended
    platform.closeAllConnections()
    platform.close()
  }
}
