import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { openArchive } from '@packline/archive'
import type { BuildRequestInput, BuildView, DependencyRequestInput } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { needs } from '../harness/needs.ts'
import { whileFrozen } from '../harness/processes.ts'
import { zipOf } from '../harness/subject.ts'

let line: TestLine
beforeAll(async () => {
  line = await startTestLine()
})
afterAll(() => line.stop())

const GREETING = 'node_modules/greeting/index.js'
const code = "const { hello } = require('greeting')\nexports.handler = async () => hello()\n"

async function ended(id: string): Promise<BuildView> {
  await Array.fromAsync(line.client.events(id))
  return line.client.build(id)
}

async function zipped(files: Record<string, string>): Promise<string> {
  const bytes = await zipOf(files)
  return (await line.client.upload(bytes, bytes.length)).upload
}

/** Makes a revision of one module that says this. */
async function published(name: string, text: string): Promise<BuildView> {
  const upload = await zipped({ [GREETING]: `exports.hello = () => '${text}'\n` })
  const source = { kind: 'upload', upload } as const
  return ended((await line.client.addDependency({ name, runtime: 'nodejs', source })).id)
}

function hello(changes: Partial<BuildRequestInput> = {}): BuildRequestInput {
  const source = { kind: 'inline' as const, files: { 'index.js': code } }
  return { function: 'hello', runtime: 'nodejs', handler: 'index.handler', source, ...changes }
}

async function json(path: string, init?: RequestInit) {
  const response = await line.fetch(path, init)
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const post = (path: string, body: unknown) =>
  json(path, { method: 'POST', body: JSON.stringify(body) })

async function pathsOf(bytes: Buffer): Promise<string[]> {
  const limits = { entriesMax: 1000, unpackedBytesMax: 1e9, ratioMax: 1100 }
  const archive = await openArchive({ bytes }, { limits })
  await archive.close()
  return archive.entries.map(({ path }) => path)
}

const loaded = (report: { verdict: { verdict: string; because: string } }) =>
  expect(report.verdict).toMatchObject({
    verdict: expect.stringMatching(/proved|checked/),
    because: expect.stringContaining('loaded by Node.js'),
  })

describe('a ZIP that was uploaded', () => {
  test('becomes a revision, is listed, and can be taken again', async () => {
    const build = await published('listed', 'one')
    expect(build).toMatchObject({ kind: 'dependency', state: 'succeeded', revision: 1 })
    const events = await Array.fromAsync(line.client.events(build.id))
    expect(events.at(-1)).toMatchObject({ type: 'succeeded', revision: 1 })
    expect((await published('listed', 'two')).revision).toBe(2)
    expect((await published('listed', 'one')).revision).toBe(1)
    const { items } = await line.client.dependencies()
    expect(items).toMatchObject([{ name: 'listed', revisions: 2, newest: { revision: 2 } }])
    const page = await line.client.revisions('listed', { limit: '1' })
    expect(page).toMatchObject({ items: [{ revision: 2 }], next: '2' })
    const one = await line.client.revision('listed', 1)
    expect(one).toMatchObject({ runtime: 'nodejs', version: '20.15', usedBy: { count: 0 } })
    const bytes = await buffer(await line.client.downloadRevision('listed', 1))
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(one.package.sha256)
    expect(await pathsOf(bytes)).toEqual([GREETING])
    expect((await line.client.builds({ dependency: 'listed' })).items).toHaveLength(3)
  })

  test('that breaks the rules makes none, and says which', async () => {
    const upload = await zipped({ 'nodejs/node_modules/a/index.js': '' })
    const source = { kind: 'upload', upload } as const
    const asked = { name: 'wrong', runtime: 'nodejs', source } as const
    const build = await ended((await line.client.addDependency(asked)).id)
    expect(build.failure).toMatchObject({
      code: 'VALIDATION_FAILED',
      blame: 'caller',
      findings: [{ rule: 'dependency-package' }],
    })
    expect(await json('/v1/dependencies/wrong')).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    })
  })

  test.each([
    [{ name: 'libs', runtime: 'go' }, 'Go functions have no dependency packages'],
    [{ name: 'libs', runtime: 'custom' }, 'Custom functions have no dependency packages'],
    [{ name: 'split-nodejs-1', runtime: 'nodejs' }, 'name: must not start with "split-"'],
    [{ name: '1', runtime: 'nodejs' }, 'name: must be a letter'],
    [{ name: 'libs', runtime: 'nodejs', handler: 'index.handler' }, 'handler'],
  ])('is refused at the door: %j', async (request, text) => {
    const source = { kind: 'inline', files: { 'package.json': '{}' } }
    const { status, body } = await post('/v1/dependencies', { source, ...request })
    expect(status).toBe(400)
    expect(body.detail).toContain(text)
  })

  test('of another kind than the runtime takes is refused before there is a build', async () => {
    const upload = await zipped({ 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\r\n\r\n' })
    const source = { kind: 'upload', upload }
    const asked = { name: 'jar', runtime: 'python', source }
    expect(await post('/v1/dependencies', asked)).toMatchObject({ body: { code: 'FORMAT' } })
    const absent = { ...asked, source: { kind: 'upload', upload: 'a'.repeat(64) } }
    expect(await post('/v1/dependencies', absent)).toMatchObject({
      body: { code: 'UPLOAD_NOT_FOUND' },
    })
  })
})

describe('a function that attaches a revision', () => {
  test('is loaded with it, holds nothing of it, and every attempt has the same', async (context) => {
    needs(context, 'sandbox')
    await published('attached', 'first')
    const accepted = await whileFrozen(line.workers[0], async () => {
      const { id } = await line.client.submit(hello({ dependencies: ['attached'] }))
      return line.client.build(id)
    })
    const { id } = accepted
    const [sha256, size] = [expect.any(String), expect.any(Number)]
    const pin = { name: 'attached', revision: 1, sha256, size }
    expect(accepted.request?.dependencies).toEqual([pin])
    await published('attached', 'second')
    expect(await ended(id)).toMatchObject({ state: 'succeeded', kind: 'function' })
    const report = await line.client.report(id)
    loaded(report)
    expect(report.dependencies).toMatchObject([{ ...pin, from: 'request' }])
    expect(report.configuration.dependencies).toEqual(['attached@1'])
    expect(await pathsOf(await buffer(await line.client.download(id)))).toEqual(['index.js'])
    const retried = await line.client.retry(id)
    await ended(retried.id)
    expect((await line.client.report(retried.id)).configuration.dependencies).toEqual([
      'attached@1',
    ])
  })

  test('that it lacks says so with the name, and one of another runtime or twice too', async () => {
    await published('for-node', 'x')
    const asked = (changes: object) => post('/v1/builds', { ...hello(), ...changes })
    expect(await asked({ dependencies: ['none@7'] })).toMatchObject({
      status: 422,
      body: { detail: 'There is no dependency package "none@7"' },
    })
    const python = { runtime: 'python', dependencies: ['for-node'] }
    expect(await asked(python)).toMatchObject({
      status: 400,
      body: { detail: 'for-node@1 is made for Node.js; the function is Python' },
    })
    const twice = { dependencies: ['for-node@1', 'for-node'] }
    expect(await asked(twice)).toMatchObject({ body: { at: 'dependencies' } })
    const many = { dependencies: Array.from({ length: 21 }, (_, index) => `d${index}`) }
    expect((await asked(many)).body.detail).toContain('21 dependency packages')
    const batch = { builds: [hello(), hello({ dependencies: ['none'] })] }
    expect(await post('/v1/batches', batch)).toMatchObject({
      status: 422,
      body: { at: 'builds[1].dependencies' },
    })
  })

  test('and has a module of the same name is refused with that name', async () => {
    await published('clashing', 'theirs')
    const files = { 'index.js': code, [GREETING]: "exports.hello = () => 'mine'\n" }
    const source = { kind: 'inline' as const, files }
    const { id } = await line.client.submit(hello({ source, dependencies: ['clashing'] }))
    const { failure } = await ended(id)
    expect(failure).toMatchObject({
      code: 'VALIDATION_FAILED',
      findings: [{ rule: 'dependency-clash', path: 'node_modules/greeting' }],
    })
  })
})

describe('deleting', () => {
  test('is refused while a function uses it, which is named, and goes when none does', async () => {
    await published('kept', 'x')
    const request = hello({ function: 'keeper', dependencies: ['kept'], build: { load: false } })
    const { id } = await line.client.submit(request)
    await ended(id)
    expect(await line.client.revision('kept', 1)).toMatchObject({
      usedBy: { count: 1, functions: ['keeper'], builds: [] },
    })
    for (const path of ['/v1/dependencies/kept', '/v1/dependencies/kept/revisions/1']) {
      expect(await json(path, { method: 'DELETE' })).toMatchObject({
        status: 409,
        body: { code: 'CONFLICT', detail: 'kept@1 is in use by function keeper' },
      })
    }
    const without = hello({ function: 'keeper', build: { load: false } })
    await ended((await line.client.submit(without)).id)
    expect(await line.client.removeDependency('kept')).toEqual({ dropped: 1 })
    await expect(line.client.dependency('kept')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const gone = { code: 'DEPENDENCY_PACKAGE_NOT_FOUND' }
    await expect(line.client.retry(id)).rejects.toMatchObject(gone)
  })

  test('and looking is for the tenant alone', async () => {
    await published('mine', 'x')
    const headers = { authorization: `Bearer ${line.otherKey}` }
    for (const [method, path] of [
      ['GET', '/v1/dependencies/mine'],
      ['GET', '/v1/dependencies/mine/revisions'],
      ['GET', '/v1/dependencies/mine/revisions/1'],
      ['GET', '/v1/dependencies/mine/revisions/1/package'],
      ['DELETE', '/v1/dependencies/mine'],
    ]) {
      expect([path, (await json(path ?? '', { method, headers })).status]).toEqual([path, 404])
    }
    const body = JSON.stringify(hello({ dependencies: ['mine'] }))
    expect((await json('/v1/builds', { method: 'POST', headers, body })).status).toBe(422)
    expect(await json('/v1/dependencies/mine/revisions/x')).toMatchObject({ status: 400 })
  })
})

describe('a manifest', () => {
  const manifest: DependencyRequestInput = {
    name: 'padding',
    runtime: 'nodejs',
    source: {
      kind: 'inline',
      files: { 'package.json': '{"dependencies":{"left-pad":"1.3.0"}}' },
    },
  }

  test('is installed by the same line, and its revision proves a function', async (context) => {
    needs(context, 'npm', 'sandbox')
    const [one, again] = await Promise.all([
      line.client.addDependency(manifest).then(({ id }) => ended(id)),
      line.client.addDependency(manifest).then(({ id }) => ended(id)),
    ])
    expect([one, again]).toMatchObject([{ revision: 1 }, { revision: 1 }])
    const source = {
      kind: 'inline' as const,
      files: {
        'index.js': "const pad = require('left-pad')\nexports.handler = () => pad('7', 3)\n",
      },
    }
    const { id } = await line.client.submit(hello({ source, dependencies: ['padding@1'] }))
    await ended(id)
    loaded(await line.client.report(id))
  })

  test('with an Idempotency-Key is built once', async () => {
    const options = { idempotencyKey: 'padding-once' }
    const asked = { ...manifest, runtime: 'nodejs' as const, name: 'once' }
    const first = await line.client.addDependency(asked, options)
    expect(await line.client.addDependency(asked, options)).toEqual(first)
    await ended(first.id)
  })
})

test('equal dependencies split off by a batch become one package', async (context) => {
  needs(context, 'npm', 'sandbox')
  const files = (text: string) => ({
    'package.json': '{"dependencies":{"left-pad":"1.3.0"}}',
    'index.js': `const pad = require('left-pad')\nexports.handler = () => pad('${text}', 3)\n`,
  })
  const builds = ['one', 'two', 'three'].map((name) =>
    hello({
      function: `split-${name}`,
      source: { kind: 'inline', files: files(name) },
      build: { split: true },
    }),
  )
  const batch = await line.client.submitBatch({ builds })
  const views = await Promise.all(batch.builds.map(ended))
  const [first] = views
  expect(first?.split).toMatchObject({
    name: expect.stringMatching(/^split-nodejs-[0-9a-f]{32}$/),
    revision: 1,
  })
  for (const view of views) expect(view).toMatchObject({ state: 'succeeded', split: first?.split })
  const name = first?.split?.name ?? ''
  expect(await line.client.dependency(name)).toMatchObject({ revisions: 1 })
  expect((await line.client.revision(name, 1)).usedBy).toEqual({
    count: 3,
    functions: ['split-one', 'split-three', 'split-two'],
    builds: [],
  })
  const report = await line.client.report(first?.id ?? '')
  loaded(report)
  expect(report.configuration.dependencies).toEqual([`${name}@1`])
  const own = await pathsOf(await buffer(await line.client.download(first?.id ?? '')))
  expect(own).toEqual(['index.js', 'package.json'])
  const apart = await pathsOf(await buffer(await line.client.downloadRevision(name, 1)))
  expect(apart).toContain('node_modules/left-pad/index.js')
})
