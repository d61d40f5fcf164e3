import { createHash } from 'node:crypto'
import { buffer, text } from 'node:stream/consumers'
import type { BuildEvent, BuildReport, BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestLine, type TestLine } from '../harness/line.ts'

let line: TestLine
beforeAll(async () => {
  line = await startTestLine()
})
afterAll(() => line.stop())

const hello = (changes: Partial<BuildRequestInput> = {}): BuildRequestInput => ({
  function: 'hello',
  runtime: 'nodejs',
  handler: 'index.handler',
  source: { kind: 'inline', files: { 'index.js': 'exports.handler = async () => "你好"\n' } },
  ...changes,
})

async function eventsOf(id: string): Promise<BuildEvent[]> {
  return Array.fromAsync(line.client.events(id))
}

test('a build goes from request to a stored package and tells every step', async () => {
  const { id } = await line.client.submit(hello())
  const events = await eventsOf(id)
  const build = await line.client.build(id)
  expect(build.state).toBe('succeeded')
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1))
  const steps = events.flatMap((event) =>
    event.type === 'step' && event.status === 'finished' ? [event.step] : [],
  )
  expect(steps).toEqual(['fetch', 'unpack', 'detect', 'make', 'zip', 'validate', 'store'])
  expect(events[0]?.type).toBe('queued')
  expect(events.at(-1)?.type).toBe('succeeded')
  const bytes = await buffer(await line.client.download(id))
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(build.package?.sha256)
  expect(bytes.length).toBe(build.package?.size)
  expect(build.package?.key).toBe(`packages/one/hello/${build.package?.sha256}.zip`)
  const report = await line.client.report(id)
  expect(report.verdict.because).toMatch(/^loaded by Node\.js|^no sandbox/)
  expect(report).toMatchObject({
    as: 'source',
    pin: { kind: 'inline' },
    profile: 'ctyun-functiongraph',
  })
  expect(report.buildKey).toMatch(/^[0-9a-f]{64}$/)
})

test('the same request gives the same package again, under the same key', async () => {
  const ids = await Promise.all([line.client.submit(hello()), line.client.submit(hello())])
  await Promise.all(ids.map(({ id }) => eventsOf(id)))
  const [first, second] = await Promise.all(ids.map(({ id }) => line.client.build(id)))
  expect(first?.package?.key).toBe(second?.package?.key)
  expect(first?.package?.sha256).toBeDefined()
})

test('a reader who comes back with the id of the last event misses and repeats none', async () => {
  const { id } = await line.client.submit(hello())
  const all = await eventsOf(id)
  const rest = await line.fetch(`/v1/builds/${id}/events`, { headers: { 'last-event-id': '3' } })
  const ids = [...(await rest.text()).matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]))
  expect(ids).toEqual(all.slice(3).map((event) => event.seq))
  const none = await line.fetch(`/v1/builds/${id}/events`, {
    headers: { 'last-event-id': String(all.length) },
  })
  expect(none.status).toBe(204)
})

test('what a failed build lacks is said with code, place and mend, and nothing is stored', async () => {
  const { id } = await line.client.submit(hello({ handler: 'index.missing' }))
  const events = await eventsOf(id)
  const build = await line.client.build(id)
  expect(build.state).toBe('failed')
  expect(build.failure).toMatchObject({
    code: 'VALIDATION_FAILED',
    blame: 'caller',
    step: 'validate',
  })
  expect(build.failure?.findings?.[0]).toMatchObject({ rule: 'handler-exists', path: 'index.js' })
  expect(build.package).toBeUndefined()
  const spoken = await line.fetch(`/v1/builds/${id}/report`, {
    headers: { 'accept-language': 'zh-CN,zh;q=0.9' },
  })
  const { findings } = (await spoken.json()) as BuildReport
  expect(findings[0]?.message).toBe('index.js 没有导出函数 "missing"；它导出了 handler')
  expect(spoken.headers.get('content-language')).toBe('zh-CN')
  expect(
    events.filter((event) => ['succeeded', 'failed', 'cancelled'].includes(event.type)),
  ).toHaveLength(1)
  const response = await line.fetch(`/v1/builds/${id}/package`)
  expect(response.status).toBe(404)
})

test('inline files too many for a record go through the store', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`part-${index}.js`, `// ${'x'.repeat(1000)}\n`]),
  )
  const source = {
    kind: 'inline' as const,
    files: { ...files, 'index.js': 'exports.handler = () => 1\n' },
  }
  const { id } = await line.client.submit(hello({ source }))
  await eventsOf(id)
  const build = await line.client.build(id)
  expect(build.state).toBe('succeeded')
  expect(build.package?.entries).toBe(41)
})

test('an Idempotency-Key answers the same build, and refuses another request', async () => {
  const idempotencyKey = 'once-only'
  const first = await line.client.submit(hello(), { idempotencyKey })
  const again = await line.client.submit(hello(), { idempotencyKey })
  expect(again.id).toBe(first.id)
  await expect(
    line.client.submit(hello({ function: 'other' }), { idempotencyKey }),
  ).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
})

test('a retry is a new build that names the old one', async () => {
  const { id } = await line.client.submit(hello())
  await eventsOf(id)
  const retried = await line.client.retry(id)
  expect(retried.id).not.toBe(id)
  await eventsOf(retried.id)
  const build = await line.client.build(retried.id)
  expect(build).toMatchObject({ retryOf: id, state: 'succeeded' })
})

test('a running build is cancelled at once and its tool ends', async () => {
  const sleeper = hello({
    runtime: 'nodejs',
    source: {
      kind: 'inline',
      files: { 'index.js': 'while (true) {}\nexports.handler = () => 1\n' },
    },
  })
  const { id } = await line.client.submit(sleeper)
  for await (const event of line.client.events(id)) {
    if (event.type === 'step' && event.status === 'started') break
  }
  const started = performance.now()
  const build = await line.client.cancel(id)
  expect(build.state).toBe('cancelled')
  const events = await eventsOf(id)
  expect(events.at(-1)?.type).toBe('cancelled')
  expect(performance.now() - started).toBeLessThan(5000)
})

test('a batch is accepted at once, and its stream carries every state with counts', async () => {
  const builds = Array.from({ length: 30 }, (_, index) => hello({ function: `many-${index}` }))
  const batch = await line.client.submitBatch({ builds })
  expect(batch.builds).toHaveLength(30)
  const changes = await Array.fromAsync(line.client.batchEvents(batch.id))
  expect(changes.at(-1)?.counts).toMatchObject({ total: 30, succeeded: 30, queued: 0, running: 0 })
  const ended = changes.filter((change) => change.state === 'succeeded')
  expect(new Set(ended.map((change) => change.build))).toEqual(new Set(batch.builds))
  expect(await line.client.batch(batch.id)).toMatchObject({ finished: true })
  const listed = await line.client.builds({ batch: batch.id, limit: '10' })
  expect(listed.items).toHaveLength(10)
  expect(listed.next).toBeDefined()
})

test("another tenant's builds are not there: 404 on every path", async () => {
  const { id } = await line.client.submit(hello())
  await eventsOf(id)
  const headers = { authorization: `Bearer ${line.otherKey}` }
  for (const path of ['', '/events', '/log', '/report', '/package']) {
    const response = await line.fetch(`/v1/builds/${id}${path}`, { headers })
    expect([path, response.status]).toEqual([path, 404])
    expect(await response.json()).toMatchObject({ code: 'NOT_FOUND' })
  }
  for (const path of ['/cancel', '/retry']) {
    const response = await line.fetch(`/v1/builds/${id}${path}`, { method: 'POST', headers })
    expect([path, response.status]).toEqual([path, 404])
  }
})

test('what is kept of a build has a path each: configuration, SBOM, and calls for the platform', async () => {
  const { id } = await line.client.submit(hello())
  await eventsOf(id)
  const json = async (what: string) => (await line.fetch(`/v1/builds/${id}/${what}`)).json()
  expect(await json('configuration')).toMatchObject({ function: 'hello', handler: 'index.handler' })
  const sbom = await line.fetch(`/v1/builds/${id}/sbom`)
  expect(sbom.headers.get('content-type')).toContain('application/vnd.cyclonedx+json; version=1.6')
  expect(await sbom.json()).toMatchObject({ specVersion: '1.6', components: [] })
  expect(await json('report')).not.toHaveProperty('sbom')
  const { create } = (await json('deployment')) as { create: { body: Record<string, unknown> } }
  expect(create.body).toMatchObject({ code_type: 'zip', func_code: {}, runtime: 'Node.js20.15' })
})

test("a bundle's source map is kept beside the package, where the request asks for one", async () => {
  const files = { 'src/index.ts': 'export const handler = async (): Promise<string> => "你好"\n' }
  const bundled = (sourceMap: boolean) =>
    hello({ source: { kind: 'inline', files }, build: { bundle: true, sourceMap } })
  const ids = [await line.client.submit(bundled(true)), await line.client.submit(bundled(false))]
  const [withMap, without] = await Promise.all(
    ids.map(async ({ id }) => {
      await eventsOf(id)
      return line.client.build(id)
    }),
  )
  expect(withMap?.package?.sha256).toBe(without?.package?.sha256)
  expect(withMap?.package).toMatchObject({ entries: 1 })
  const map = JSON.parse(await text(await line.client.sourceMap(withMap?.id ?? '')))
  expect(map).toMatchObject({ version: 3, sources: ['src/index.ts'] })
  expect(map.sourcesContent).toEqual([files['src/index.ts']])
  await expect(line.client.sourceMap(without?.id ?? '')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('has no source map'),
  })
})

test('a call for the platform may carry the package itself', async () => {
  const { id } = await line.client.submit(hello())
  await eventsOf(id)
  const response = await line.fetch(`/v1/builds/${id}/deployment?code=embedded`)
  const { create, updateCode } = (await response.json()) as Record<
    'create' | 'updateCode',
    { body: { func_code: { file: string } } }
  >
  const bytes = await buffer(await line.client.download(id))
  expect(Buffer.from(create.body.func_code.file, 'base64').equals(bytes)).toBe(true)
  expect(updateCode.body.func_code).toEqual(create.body.func_code)
  expect((await line.fetch(`/v1/builds/${id}/deployment?code=yes`)).status).toBe(400)
})

test('a build without a package has no SBOM, no configuration and no call', async () => {
  const { id } = await line.client.submit(hello({ handler: 'other.handler' }))
  await eventsOf(id)
  for (const what of ['sbom', 'configuration', 'deployment']) {
    const response = await line.fetch(`/v1/builds/${id}/${what}`)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({
      code: 'NOT_FOUND',
      detail: expect.stringContaining('no package'),
    })
  }
})

test('the SBOM of a package with hundreds of libraries comes from the store', async () => {
  const libraries = Array.from({ length: 600 }, (_, at) => `library-${at}`)
  const files = {
    'index.js': 'exports.handler = async () => 1\n',
    ...Object.fromEntries(
      libraries.map((name) => [
        `node_modules/${name}/package.json`,
        JSON.stringify({ name, version: '1.0.0', license: 'MIT' }),
      ]),
    ),
  }
  const { id } = await line.client.submit(hello({ source: { kind: 'inline', files } }))
  await eventsOf(id)
  const sbom = (await (await line.fetch(`/v1/builds/${id}/sbom`)).json()) as {
    components: { name: string }[]
  }
  expect(sbom.components.map(({ name }) => name)).toEqual(libraries.toSorted())
  expect(await line.client.report(id)).not.toHaveProperty('sbomIn')
})
