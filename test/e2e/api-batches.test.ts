import type { BatchRequestInput, BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestLine, type TestLine } from '../harness/line.ts'

let line: TestLine
beforeAll(async () => {
  line = await startTestLine()
})
afterAll(() => line.stop())

function hello(changes: Partial<BuildRequestInput> = {}): BuildRequestInput {
  const source = { kind: 'inline' as const, files: { 'index.js': 'exports.handler = () => 1\n' } }
  return { function: 'hello', runtime: 'nodejs', handler: 'index.handler', source, ...changes }
}

async function post(path: string, body?: unknown) {
  const text = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await line.fetch(path, { method: 'POST', ...text })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('a batch', () => {
  const builds = (count: number) =>
    Array.from({ length: count }, (_, n) => hello({ function: `of-many-${n}` }))

  test.each<[string, (all: Record<string, unknown>[]) => void, number, string, string]>([
    [
      'handler',
      (all) => Object.assign(all[3] ?? {}, { handler: 'x' }),
      400,
      'HANDLER_FORM',
      'handler',
    ],
    [
      'version',
      (all) => Object.assign(all[3] ?? {}, { version: '99' }),
      400,
      'UNKNOWN_VERSION',
      'version',
    ],
    [
      'runtime',
      (all) => Object.assign(all[3] ?? {}, { runtime: 'php' }),
      400,
      'UNKNOWN_RUNTIME',
      'runtime',
    ],
    [
      'upload',
      (all) => Object.assign(all[3] ?? {}, { source: { kind: 'upload', upload: 'b'.repeat(64) } }),
      422,
      'UPLOAD_NOT_FOUND',
      'source.upload',
    ],
  ])(
    'with a wrong %s is refused whole, naming the build',
    async (_what, spoil, status, code, at) => {
      const all = builds(5) as Record<string, unknown>[]
      spoil(all)
      const answer = await post('/v1/batches', { builds: all })
      expect(answer).toMatchObject({ status, body: { code, at: `builds[3].${at}` } })
      expect(answer.body.detail).toMatch(/^builds\[3\]/)
      const { items } = await line.client.builds({ function: 'of-many-0' })
      expect(items).toEqual([])
    },
  )

  test('of one build names it as a batch does', async () => {
    const answer = await post('/v1/batches', { builds: [hello({ handler: 'x' })] })
    expect(answer.body).toMatchObject({ at: 'builds[0].handler' })
  })

  test('of no build or of 10,001 is refused with the limit', async () => {
    const none = await post('/v1/batches', { builds: [] })
    expect(none).toMatchObject({ status: 400, body: { at: 'builds' } })
    const many = await post('/v1/batches', { builds: builds(10_001) })
    expect(many).toMatchObject({ status: 400, body: { at: 'builds' } })
    expect(many.body.detail).toMatch(/at most 10000 builds.*found a list of 10001/)
  })

  test('of 1,000 one-file builds is accepted well under two seconds', async () => {
    const request: BatchRequestInput = { builds: builds(1000) }
    const started = performance.now()
    const batch = await line.client.submitBatch(request)
    expect(performance.now() - started).toBeLessThan(2000)
    expect(new Set(batch.builds).size).toBe(1000)
    const cancelled = await post(`/v1/batches/${batch.id}/cancel`)
    expect(cancelled.status).toBe(200)
    await Array.fromAsync(line.client.batchEvents(batch.id))
    const { counts, finished } = await line.client.batch(batch.id)
    expect(finished).toBe(true)
    expect(counts.succeeded + counts.cancelled).toBe(1000)
    expect(counts.cancelled).toBeGreaterThan(0)
  })

  test('gives its labels to its builds, whose own win', async () => {
    const labels = { team: 'a', why: 'batch' }
    const own = hello({ function: 'with-own', labels: { why: 'own' } })
    const { builds } = await line.client.submitBatch({ builds: [hello(), own], labels })
    const [one, two] = await Promise.all(builds.map((id) => line.client.build(id)))
    expect([one?.labels, two?.labels]).toEqual([labels, { team: 'a', why: 'own' }])
    const { items } = await line.client.builds({ label: 'why:own' })
    expect(items.map(({ id }) => id)).toEqual([builds[1]])
  })

  test.each(['builds', 'batches', 'functions', 'hooks', 'dependencies'])(
    'list of %s refuses a filter that there is not',
    async (list) => {
      const response = await line.fetch(`/v1/${list}?lable=team:a`)
      expect([response.status, await response.json()]).toMatchObject([
        400,
        { code: 'INVALID_REQUEST', detail: 'the query: there is no "lable" here' },
      ])
    },
  )

  test('that failed is retried by its failed builds alone, as a new batch', async () => {
    const mixed = [hello(), hello({ handler: 'index.gone' }), hello({ handler: 'index.lost' })]
    const batch = await line.client.submitBatch({ builds: mixed, labels: { team: 'a' } })
    await Array.fromAsync(line.client.batchEvents(batch.id))
    const { status, body } = await post(`/v1/batches/${batch.id}/retry`)
    expect([status, body.retryOf]).toEqual([202, batch.id])
    const ids = body.builds as string[]
    const retried = await Promise.all(ids.map((id) => line.client.build(id)))
    expect(retried.map((build) => build.retryOf).toSorted()).toEqual(
      batch.builds.slice(1).toSorted(),
    )
    expect(await line.client.batch(String(body.id))).toMatchObject({ labels: { team: 'a' } })
    expect(retried.map(({ labels }) => labels)).toEqual([{ team: 'a' }, { team: 'a' }])
    await Array.fromAsync(line.client.batchEvents(String(body.id)))
    const fine = await line.client.submitBatch({ builds: [hello()] })
    await Array.fromAsync(line.client.batchEvents(fine.id))
    expect(await post(`/v1/batches/${fine.id}/retry`)).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT', hint: expect.any(String) },
    })
  })
})
