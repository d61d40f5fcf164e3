import { buffer } from 'node:stream/consumers'
import { openArchive, verifyArchive } from '@packline/archive'
import type { BuildRequestInput, ManifestLine } from '@packline/shared'
import { storeFromUrl } from '@packline/stores'
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

/** An acceptance or a problem. */
interface Answer {
  id: string
  builds: string[]
  refused: { detail: string }[]
  detail: string
}

const asLines = (values: unknown[]) =>
  `${values.map((value) => JSON.stringify(value)).join('\n')}\n`

async function sendLines(body: string, query = '', headers: Record<string, string> = {}) {
  const response = await line.fetch(`/v1/batches${query}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', ...headers },
    body,
  })
  const json = (await response.json()) as Answer
  return { status: response.status, headers: response.headers, body: json }
}

async function sendJson(body: object) {
  const response = await line.fetch('/v1/batches', { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, body: (await response.json()) as Answer }
}

const ended = (batch: string) => Array.fromAsync(line.client.batchEvents(batch))

async function manifestOf(batch: string): Promise<ManifestLine[]> {
  const response = await line.fetch(`/v1/batches/${batch}/manifest`)
  expect(response.headers.get('content-type')).toMatch(/^application\/x-ndjson/)
  const text = await response.text()
  return text
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one) as ManifestLine)
}

describe('a batch of lines', () => {
  test('is sent by the client one by one, taken whole or refused by its first mistake', async () => {
    async function* builds(wrongAt = -1) {
      for (let at = 0; at < 2000; at++) {
        yield hello({ function: `f${at % 3}`, handler: at === wrongAt ? 'x' : 'index.handler' })
      }
    }
    const options = { labels: { sent: 'one by one' }, idempotencyKey: 'one-by-one' }
    const { id, builds: ids } = await line.client.submitBuilds(builds(), options)
    expect([ids.length, new Set(ids).size]).toEqual([2000, 3])
    expect((await line.client.submitBuilds(builds(), options)).id).toBe(id)
    await ended(id)
    expect(await line.client.batch(id)).toMatchObject({
      labels: options.labels,
      counts: { total: 3, succeeded: 3 },
    })
    await expect(line.client.submitBuilds(builds(7))).rejects.toMatchObject({
      code: 'HANDLER_FORM',
      message: expect.stringContaining('line 8'),
    })
    const { refused } = await line.client.submitBuilds(builds(7), { partial: true })
    expect(refused).toMatchObject([{ index: 7, line: 8, code: 'HANDLER_FORM' }])
  })

  test('is accepted with the labels of its query, and built', async () => {
    const functions = ['one', 'two', 'three']
    const text = `${asLines(functions.map((name) => hello({ function: name })))}\n`
    const { status, body } = await sendLines(text, '?label=team:a&label=why:b:c')
    expect([status, body.builds.length, body.refused]).toEqual([202, 3, undefined])
    await ended(body.id)
    const { labels, counts } = await line.client.batch(body.id)
    expect(labels).toEqual({ team: 'a', why: 'b:c' })
    expect(counts).toMatchObject({ total: 3, succeeded: 3 })
    expect((await manifestOf(body.id)).map((one) => one.function)).toEqual(functions)
  })

  test.each<[string, (all: unknown[]) => void, number, string, string | undefined]>([
    [
      'form',
      (all) => all.splice(16, 1, hello({ handler: 7 as never })),
      400,
      'INVALID_REQUEST',
      'handler',
    ],
    [
      'handler',
      (all) => all.splice(16, 1, hello({ handler: 'x' })),
      400,
      'HANDLER_FORM',
      'handler',
    ],
    ['value', (all) => all.splice(16, 1, 'text'), 400, 'INVALID_REQUEST', undefined],
    [
      'upload',
      (all) => all.splice(16, 1, hello({ source: { kind: 'upload', upload: 'c'.repeat(64) } })),
      422,
      'UPLOAD_NOT_FOUND',
      'source.upload',
    ],
  ])('with a wrong %s in line 17 is refused whole', async (_what, spoil, status, code, inside) => {
    const all: unknown[] = Array.from({ length: 30 }, (_, n) => hello({ function: `of-30-${n}` }))
    spoil(all)
    const answer = await sendLines(asLines(all))
    const at = inside ? `builds[16].${inside}` : 'builds[16]'
    expect(answer).toMatchObject({ status, body: { code, at } })
    expect(answer.body.detail).toMatch(/^line 17: /)
    expect((await line.client.builds({ function: 'of-30-0' })).items).toEqual([])
  })

  test('that is no JSON, empty, or compressed is refused with what was found', async () => {
    const text = `${JSON.stringify(hello())}\n{"function":\n`
    expect(await sendLines(text)).toMatchObject({ status: 400, body: { at: 'builds[1]' } })
    expect(await sendLines('\n')).toMatchObject({ status: 400, body: { at: 'builds' } })
    expect(await sendLines(text, '', { 'content-encoding': 'gzip' })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_REQUEST' },
    })
    expect(await sendLines(text, '?partial=yes')).toMatchObject({ body: { at: 'partial' } })
  })

  test('is accepted in part where asked: the refused are listed with line, code and detail', async () => {
    const all = [
      hello({ function: 'right' }),
      hello({ handler: 'x' }),
      hello({ runtime: 'php' as never }),
      hello({ function: 'right-too' }),
      hello({ source: { kind: 'upload', upload: 'c'.repeat(64) } }),
    ]
    const { status, body } = await sendLines(asLines(all), '?partial=true')
    expect([status, body.builds.length]).toEqual([202, 2])
    expect(body.refused).toMatchObject([
      { index: 1, line: 2, code: 'HANDLER_FORM', at: 'builds[1].handler' },
      { index: 2, line: 3, code: 'UNKNOWN_RUNTIME', at: 'builds[2].runtime' },
      { index: 4, line: 5, code: 'UPLOAD_NOT_FOUND', at: 'builds[4].source.upload' },
    ])
    expect(body.refused[0]?.detail).toMatch(/^line 2: /)
    const names = (await manifestOf(body.id)).map((one) => one.function)
    expect(names).toEqual(['right', 'right-too'])
    const json = await sendJson({ builds: all, partial: true })
    expect(json.body.refused).toMatchObject([{ index: 1 }, { index: 2 }, { index: 4 }])
    expect(json.body.refused[0]).not.toHaveProperty('line')
    const none = await sendJson({ builds: [hello({ handler: 'x' })], partial: true })
    expect(none).toMatchObject({ status: 400, body: { code: 'HANDLER_FORM' } })
  })

  test('is answered again for its Idempotency-Key, refused lines and all', async () => {
    const text = asLines([hello(), hello({ handler: 'x' }), hello()])
    const key = { 'idempotency-key': 'lines-once' }
    const first = await sendLines(text, '?partial=true', key)
    const second = await sendLines(text, '?partial=true', key)
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(first.body.builds).toHaveLength(2)
    const other = await sendLines(asLines([hello()]), '?partial=true', key)
    expect(other.body).toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' })
  })

  test('of 1,000 is accepted in under two seconds', async () => {
    const all = Array.from({ length: 1000 }, (_, n) => hello({ function: `line-${n}` }))
    const text = asLines(all)
    const started = performance.now()
    const { status, body } = await sendLines(text)
    expect(performance.now() - started).toBeLessThan(2000)
    expect([status, new Set(body.builds).size]).toEqual([202, 1000])
    await line.client.cancelBatch(body.id)
  })

  test('of 10,000 is accepted whole, counted and cancelled', async () => {
    const text = asLines(Array.from({ length: 10_000 }, (_, n) => hello({ function: `f-${n}` })))
    const started = performance.now()
    const { status, body } = await sendLines(text)
    const seconds = (performance.now() - started) / 1000
    process.stdout.write(`10,000 lines accepted in ${seconds.toFixed(1)} s\n`)
    expect([status, new Set(body.builds).size]).toEqual([202, 10_000])
    expect((await line.client.batch(body.id)).counts.total).toBe(10_000)
    await line.client.cancelBatch(body.id)
    await ended(body.id)
    const more = await sendLines(text + JSON.stringify(hello()))
    expect(more).toMatchObject({ status: 400, body: { at: 'builds' } })
    expect(more.body.detail).toMatch(/^line 10001: .*at most 10000 builds/)
  }, 120_000)
})

describe('equal requests of a batch', () => {
  test('are built once and answered for each', async () => {
    const { status, body } = await sendJson({
      builds: [hello(), hello({ function: 'other' }), hello(), hello({ type: 'event' })],
    })
    const [one, other] = body.builds
    expect([status, body.builds]).toEqual([202, [one, other, one, one]])
    await ended(body.id)
    expect((await line.client.batch(body.id)).counts).toMatchObject({ total: 2, succeeded: 2 })
  })
})

describe('the result of a batch', () => {
  test('is a manifest at any time, and one ZIP of packages when all has ended', async () => {
    const builds = [
      hello({ function: 'zip-b' }),
      hello({ function: 'zip-a' }),
      hello({ function: 'zip-a', labels: { second: 'yes' } }),
      hello({ function: 'broken', handler: 'index.gone' }),
    ]
    const batch = await line.client.submitBatch({ builds })
    await ended(batch.id)
    const manifest = await manifestOf(batch.id)
    expect(manifest.map(({ state }) => state)).toEqual([...Array(3).fill('succeeded'), 'failed'])
    expect(manifest[0]).toMatchObject({
      function: 'zip-b',
      id: batch.builds[0],
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      address: expect.stringMatching(/^s3:/),
      verdict: { verdict: 'proved' },
    })
    expect(manifest[3]).toMatchObject({ failure: { code: expect.any(String) } })

    const response = await line.fetch(`/v1/batches/${batch.id}/packages`)
    expect(response.headers.get('content-disposition')).toMatch(`${batch.id}.zip`)
    const bytes = Buffer.from(await response.arrayBuffer())
    const limits = { entriesMax: 100, unpackedBytesMax: 1e8, ratioMax: 1000 }
    const archive = await openArchive({ bytes }, { limits })
    await verifyArchive(archive)
    const [, a = '', again = ''] = batch.builds
    const files = ['manifest.ndjson', 'zip-b.zip', `zip-a/${a}.zip`, `zip-a/${again}.zip`]
    expect(archive.entries.map(({ path }) => path)).toEqual(files)
    const inside = await buffer(await archive.open('zip-b.zip'))
    expect(inside.equals(await buffer(await line.client.download(batch.builds[0] ?? '')))).toBe(
      true,
    )
    const lines = (await buffer(await archive.open('manifest.ndjson')))
      .toString()
      .trim()
      .split('\n')
    expect(lines.map((one) => JSON.parse(one).file)).toEqual([...files.slice(1), undefined])
    const second = await line.fetch(`/v1/batches/${batch.id}/packages`)
    expect(Buffer.from(await second.arrayBuffer()).equals(bytes)).toBe(true)
    await archive.close()
  })

  test('is nobody else’s, and not there before the end', async () => {
    const batch = await line.client.submitBatch({ builds: [hello()] })
    const headers = { authorization: `Bearer ${line.otherKey}` }
    for (const what of ['manifest', 'packages']) {
      const response = await line.fetch(`/v1/batches/${batch.id}/${what}`, { headers })
      expect(response.status).toBe(404)
      expect((await line.fetch(`/v1/batches/none/${what}`)).status).toBe(404)
    }
    await ended(batch.id)
  })

  test('of a batch that has not ended has no ZIP yet', async () => {
    const slow = { kind: 'inline' as const, files: { 'a.sh': 'sleep 5' } }
    const build = { command: ['sh', 'a.sh'] }
    const one = hello({ runtime: 'custom', handler: 'any', source: slow, build })
    const batch = await line.client.submitBatch({ builds: [one] })
    const early = await line.fetch(`/v1/batches/${batch.id}/packages`)
    expect(early.status).toBe(409)
    expect(await early.json()).toMatchObject({ code: 'CONFLICT' })
    expect((await manifestOf(batch.id))[0]?.state).toMatch(/queued|running/)
    await line.client.cancelBatch(batch.id)
    await ended(batch.id)
  })

  test('is cut, never short, where a package is lost', async () => {
    const batch = await line.client.submitBatch({
      builds: [hello({ function: 'kept' }), hello({ function: 'lost' })],
    })
    await ended(batch.id)
    const [, lost] = await Promise.all(batch.builds.map((id) => line.client.build(id)))
    const store = storeFromUrl(line.storeUrl)
    await store.remove(lost?.package?.key ?? '')
    await store.close()
    const response = await line.fetch(`/v1/batches/${batch.id}/packages`)
    await expect(response.arrayBuffer()).rejects.toThrow()
  })
})
