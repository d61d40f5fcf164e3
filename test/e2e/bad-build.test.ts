import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { BuildRequestInput, Failure } from '@packline/shared'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { craftZip } from '../../packages/archive/src/test/craft-zip.ts'
import { type GitServer, serveRepositories } from '../harness/git-server.ts'
import { leftBehind, processesWith } from '../harness/left-behind.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { needs } from '../harness/needs.ts'
import { until } from '../harness/processes.ts'

let line: TestLine
let server: GitServer
beforeAll(async () => {
  line = await startTestLine({ environment: { PACKLINE_PLAIN_HTTP_HOSTS: '127.0.0.1' } })
  server = await serveRepositories(line.folder)
})
afterAll(async () => {
  await server.close()
  await line.stop()
})

let before: string[]
beforeEach(async () => {
  before = await leftBehind(line)
})

type Files = Record<string, string>

function inline(files: Files, changes: Partial<BuildRequestInput> = {}): BuildRequestInput {
  const source = { kind: 'inline' as const, files }
  return { function: 'bad', runtime: 'nodejs', handler: 'index.handler', source, ...changes }
}

/** Every failure has a text and a hint to go by; the build has one end and leaves nothing. */
async function failureOf(request: BuildRequestInput, attempts = 1): Promise<Failure> {
  const { id } = await line.client.submit(request)
  const events = await Array.fromAsync(line.client.events(id))
  const build = await line.client.build(id)
  const { failure } = build
  if (!failure) throw new Error(`the build ${build.state}`)
  expect(build).toMatchObject({ state: 'failed', attempt: attempts })
  expect(build.package).toBeUndefined()
  const ends = events.filter(({ type }) => ['succeeded', 'failed', 'cancelled'].includes(type))
  expect(ends).toMatchObject([{ type: 'failed', failure: { code: failure.code } }])
  expect(failure.blame).toBe('caller')
  expect(failure.detail).not.toBe('')
  expect(failure.hint).toBeTruthy()
  expect(await leftBehind(line)).toEqual(before)
  return failure
}

/** The upload itself stays: another build may want it. */
async function uploaded(bytes: Buffer): Promise<string> {
  const { upload } = await line.client.upload(bytes, bytes.length)
  expect(upload).toBe(createHash('sha256').update(bytes).digest('hex'))
  before = await leftBehind(line)
  return upload
}

describe('an upload', () => {
  test('that is a JAR is refused for Python at the request, before a job exists', async () => {
    const jar = craftZip([
      { name: 'META-INF/MANIFEST.MF', content: 'Manifest-Version: 1.0\r\n\r\n' },
      { name: 'Hello.class', content: Buffer.from('cafebabe00000034', 'hex') },
    ])
    const upload = await uploaded(jar)
    const request = {
      ...inline({}),
      runtime: 'python' as const,
      source: { kind: 'upload', upload },
    }
    const response = await line.fetch('/v1/builds', {
      method: 'POST',
      body: JSON.stringify(request),
    })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      code: 'FORMAT',
      at: 'source.upload',
      detail: 'The archive is a JAR; Python takes a ZIP',
      hint: expect.stringMatching(/Only Java/),
    })
    expect(await leftBehind(line)).toEqual(before)
    expect((await line.client.builds({ function: 'bad' })).items).toEqual([])
  })

  test('whose entry file lies in a wrapping folder is refused as a package, naming it', async () => {
    const upload = await uploaded(
      craftZip([{ name: 'my-function/index.js', content: 'exports.handler = () => 1\n' }]),
    )
    const source = { kind: 'upload' as const, upload, as: 'package' as const }
    const failure = await failureOf(inline({}, { source }))
    expect(failure).toMatchObject({
      code: 'VALIDATION_FAILED',
      step: 'validate',
      detail: expect.stringMatching(/in the folder "my-function"; expected index\.js at the root/),
      hint: expect.stringMatching(/content of "my-function"/),
      findings: [{ rule: 'entry-at-root', level: 'error', path: 'my-function/index.js' }],
    })
  })

  test('of another tenant is not there', async () => {
    const upload = await uploaded(craftZip([{ name: 'index.js', content: 'exports.other = 1\n' }]))
    const response = await line.fetch('/v1/builds', {
      method: 'POST',
      headers: { authorization: `Bearer ${line.otherKey}` },
      body: JSON.stringify(inline({}, { source: { kind: 'upload', upload } })),
    })
    expect(await response.json()).toMatchObject({ status: 422, code: 'UPLOAD_NOT_FOUND' })
  })
})

describe('a manifest', () => {
  test('that does not parse is named with the place of the mistake', async (context) => {
    needs(context, 'npm')
    const failure = await failureOf(
      inline({ 'index.js': 'exports.handler = () => 1\n', 'package.json': '{ "name": oops }' }),
    )
    expect(failure).toMatchObject({
      code: 'MANIFEST_INVALID',
      detail: expect.stringMatching(/package\.json/),
    })
  })

  test('whose dependency does not exist is refused with its name', async (context) => {
    needs(context, 'npm')
    const name = 'packline-test-there-is-no-such-package'
    const failure = await failureOf(
      inline({
        'index.js': 'exports.handler = () => 1\n',
        'package.json': JSON.stringify({ dependencies: { [name]: '^1.0.0' } }),
      }),
    )
    expect(failure).toMatchObject({
      code: 'DEPENDENCY_NOT_FOUND',
      step: 'make',
      detail: expect.stringContaining(name),
    })
  })

  test('whose Python requirement does not exist is refused with its name', async (context) => {
    needs(context, 'python', 'pip')
    const name = 'packline-test-there-is-no-such-package'
    const failure = await failureOf(
      inline(
        { 'index.py': 'def handler(event, context):\n    return 1\n', 'requirements.txt': name },
        { runtime: 'python' },
      ),
    )
    expect(failure).toMatchObject({
      code: 'DEPENDENCY_NOT_FOUND',
      detail: expect.stringContaining(name),
    })
  })
})

describe('code that does not compile', () => {
  test("fails with javac's lines", async (context) => {
    needs(context, 'java')
    const source =
      'package com.example;\npublic class Hello {\n  int handle() { return "one"; }\n}\n'
    const failure = await failureOf(
      inline(
        { 'com/example/Hello.java': source },
        { runtime: 'java', version: '17', handler: 'com.example.Hello.handle' },
      ),
    )
    expect(failure).toMatchObject({ code: 'COMPILE_FAILED', step: 'make' })
    expect(failure.output?.join('\n')).toMatch(/Hello\.java:3: error: incompatible types/)
    expect(failure.output?.join('\n')).toContain('return "one"')
  })

  test("fails with Go's lines", async (context) => {
    needs(context, 'go')
    const source = 'package main\n\nfunc main() {\n\tmissing()\n}\n'
    const failure = await failureOf(
      inline(
        { 'main.go': source, 'go.mod': 'module example.com/bad\n\ngo 1.21\n' },
        { runtime: 'go', handler: 'bad', build: { mode: 'executable' } },
      ),
    )
    expect(failure).toMatchObject({ code: 'COMPILE_FAILED', step: 'make' })
    expect(failure.output?.join('\n')).toMatch(/main\.go:4:2: undefined: missing/)
  })
})

describe('a handler', () => {
  test.each([
    ['throws when it is loaded', 'exports.handler = () => 1\n\nthrow new Error("no table here")\n'],
    [
      'calls something that throws',
      'function open() {\n  // opened\n  throw new Error("no table here")\n}\nexports.handler = open()\n',
    ],
  ])('whose module %s fails with message, path and line', async (_what, code) => {
    const failure = await failureOf(inline({ 'index.js': code }))
    expect(failure).toMatchObject({ code: 'VALIDATION_FAILED', step: 'validate' })
    expect(failure.findings).toMatchObject([
      {
        rule: 'handler-exists',
        level: 'error',
        message: expect.stringMatching(/no table here/),
        path: 'index.js',
        line: 3,
      },
    ])
  })

  test('whose Python module throws when it is loaded fails with message, path and line', async (context) => {
    // Under another Python than the function's it is a warning, and the package is published.
    needs(context, 'python310')
    const code = 'def handler(event, context):\n    pass\nraise RuntimeError("no table here")\n'
    const failure = await failureOf(inline({ 'index.py': code }, { runtime: 'python' }))
    expect(failure.findings).toMatchObject([
      { message: expect.stringMatching(/no table here/), path: 'index.py', line: 3 },
    ])
  })
})

describe('a build that never ends', () => {
  test('is killed at its limit with all it started', async () => {
    // Shows in the list of processes, and detached it leaves the group of its parent.
    const marker = `31536000.${process.pid}${Math.random().toString().slice(2, 8)}`
    const code = [
      `const { spawn } = require("node:child_process")`,
      `spawn("sleep", ["${marker}"], { detached: true, stdio: "ignore" })`,
      'exports.handler = () => 1',
      'while (true) {}',
    ].join('\n')
    const request = inline({ 'index.js': code }, { build: { timeoutSeconds: 2 } })
    const failing = failureOf(request)
    await until(() => processesWith(marker).length > 0)
    const failure = await failing
    expect(failure.detail).toMatch(/does not load .* node ran for [12](\.\d)? s, its limit/)
    expect(processesWith(marker)).toEqual([])
  })

  test('as its git server never answers is tried again, and fails at the limit of each', async (context) => {
    needs(context, 'git')
    const silent = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void silent.close())
    await once(silent, 'listening')
    const { port } = silent.address() as AddressInfo
    const source = { kind: 'git' as const, url: `http://127.0.0.1:${port}/silent.git` }
    const request = inline({}, { source, build: { timeoutSeconds: 1 } })
    const failure = await failureOf(request, 3)
    expect(failure).toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      step: 'fetch',
      detail: expect.stringMatching(/did not send the commit: git ran for [\d.]+ s, its limit/),
    })
    expect(processesWith(`127.0.0.1:${port}`)).toEqual([])
  })
})

describe('a git source', () => {
  test.each([
    ['folder that does not exist', () => `${line.folder}/no-such-repository`],
    ['repository that its server does not have', () => `${server.url}/no-such-repository.git`],
  ])('%s is refused with its address', async (_what, url) => {
    const failure = await failureOf(inline({}, { source: { kind: 'git', url: url() } }))
    expect(failure).toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      step: 'fetch',
      detail: expect.stringContaining('no-such-repository'),
    })
  })

  test('whose server does not exist is refused after as many tries as there are', async () => {
    const url = 'https://packline.invalid/no-such-repository.git'
    const failure = await failureOf(inline({}, { source: { kind: 'git', url } }), 3)
    expect(failure).toMatchObject({
      code: 'SOURCE_UNREACHABLE',
      step: 'fetch',
      detail: expect.stringContaining('packline.invalid'),
    })
  })
})
