import type { BatchView, BuildRequestInput, BuildView } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestLine, type TestLine } from '../harness/line.ts'

let line: TestLine
/** Of seven builds, oldest first: a batch of five, of which two fail, then two alone. */
let ids: string[]
let batch: string

const good = 'exports.handler = () => 1\n'

function hello(changes: Partial<BuildRequestInput> = {}): BuildRequestInput {
  const source = { kind: 'inline' as const, files: { 'index.js': good } }
  return { function: 'hello', runtime: 'nodejs', handler: 'index.handler', source, ...changes }
}

beforeAll(async () => {
  line = await startTestLine()
  const builds = ['index.handler', 'index.a', 'index.handler', 'index.b', 'index.handler'].map(
    // No two alike, which would be built once.
    (handler, n) => hello({ handler, labels: { team: n < 2 ? 'red:1' : 'blue', place: `${n}` } }),
  )
  const accepted = await line.client.submitBatch({ builds })
  batch = accepted.id
  await Array.fromAsync(line.client.batchEvents(batch))
  ids = [...accepted.builds]
  for (const name of ['other', 'hello']) {
    const { id } = await line.client.submit(hello({ function: name }))
    await Array.fromAsync(line.client.events(id))
    ids.push(id)
  }
})
afterAll(() => line.stop())

interface Page<T> {
  items: T[]
  next?: string
}

async function page<T = BuildView>(query: string, path = '/v1/builds'): Promise<Page<T>> {
  const response = await line.fetch(`${path}${query}`)
  expect([query, response.status]).toEqual([query, 200])
  return (await response.json()) as Page<T>
}

/** The places in `ids` of what a list answers. */
async function placesOf(query: string): Promise<number[]> {
  const { items } = await page(query)
  return items.map(({ id }) => ids.indexOf(id))
}

describe('the list of builds', () => {
  test('is newest first, without requests', async () => {
    expect(await placesOf('')).toEqual([6, 5, 4, 3, 2, 1, 0])
    const { items } = await page('')
    expect(items.every((build) => build.request === undefined)).toBe(true)
    expect(items[0]).toMatchObject({ function: 'hello', state: 'succeeded', runtime: 'nodejs' })
  })

  test.each([
    ['?state=failed', [3, 1]],
    ['?state=succeeded&function=hello', [6, 4, 2, 0]],
    ['?function=other', [5]],
    ['?function=nobody', []],
    ['?label=team:red:1', [1, 0]],
    ['?label=team:blue&state=failed', [3]],
    ['?label=team:red', []],
    ['?after=2020-01-01T00:00:00Z', [6, 5, 4, 3, 2, 1, 0]],
    ['?before=2020-01-01T00:00:00Z', []],
  ])('filtered by %s', async (query, places) => {
    expect(await placesOf(query)).toEqual(places)
  })

  test('filtered by batch and by time', async () => {
    expect(await placesOf(`?batch=${batch}`)).toEqual([4, 3, 2, 1, 0])
    expect(await placesOf(`?batch=${batch}&state=failed`)).toEqual([3, 1])
    const { createdAt } = await line.client.build(ids[5] ?? '')
    const time = encodeURIComponent(createdAt)
    expect(await placesOf(`?after=${time}`)).toEqual([6, 5])
    expect(await placesOf(`?before=${time}`)).toEqual([4, 3, 2, 1, 0])
  })

  test.each([1, 2, 3, 7])('comes whole in pages of %i, each build once', async (limit) => {
    const found: string[] = []
    let cursor = ''
    do {
      const { items, next } = await page(`?limit=${limit}${cursor}`)
      expect(items.length).toBeLessThanOrEqual(limit)
      found.push(...items.map(({ id }) => id))
      cursor = next === undefined ? '' : `&cursor=${encodeURIComponent(next)}`
    } while (cursor !== '')
    expect(found).toEqual(ids.toReversed())
  })

  test('goes on after a cursor although newer builds have come', async () => {
    const first = await page('?limit=3&state=succeeded')
    const { id } = await line.client.submit(hello({ function: 'newer' }))
    await Array.fromAsync(line.client.events(id))
    const second = await page(`?limit=3&state=succeeded&cursor=${first.next}`)
    const places = [...first.items, ...second.items].map((build) => ids.indexOf(build.id))
    expect(places).toEqual([6, 5, 4, 2, 0])
    expect(second.next).toBeUndefined()
  })

  test('of another tenant holds none of them', async () => {
    const headers = { authorization: `Bearer ${line.otherKey}` }
    for (const query of ['', `?batch=${batch}`, '?function=hello', `?cursor=${ids[6]}`]) {
      const response = await line.fetch(`/v1/builds${query}`, { headers })
      expect(await response.json()).toEqual({ items: [] })
    }
  })

  test.each([
    '?limit=0',
    '?limit=x',
    '?state=gone',
    '?after=today',
    '?label=x',
    '?state=a&state=b',
  ])('%s is refused', async (query) => {
    const response = await line.fetch(`/v1/builds${query}`)
    expect(response.status).toBe(400)
    const name = /\?(\w+)/.exec(query)?.[1]
    expect(await response.json()).toMatchObject({ code: 'INVALID_REQUEST', at: name })
  })

  test.each([
    '/v1/builds',
    '/v1/batches',
    '/v1/hooks',
    '/v1/keys',
    '/v1/functions',
    '/v1/functions/hello/packages',
    '/v1/dependencies',
    '/v1/dependencies/libs/revisions',
    '/v1/audit',
  ])('%s refuses a cursor that it can not have given', async (path) => {
    for (const cursor of ['', '%00garbage', '(b', '[', '%2B', '-', 'b'.repeat(512)]) {
      const response = await line.fetch(`${path}?cursor=${cursor}`)
      const problem = await response.json()
      expect([cursor, response.status]).toEqual([cursor, 400])
      expect(problem).toMatchObject({ code: 'INVALID_REQUEST', at: 'cursor' })
    }
  })
})

describe('the list of batches', () => {
  test('is newest first with counts, in pages', async () => {
    const second = await line.client.submitBatch({ builds: [hello()], labels: { of: 'two' } })
    await Array.fromAsync(line.client.batchEvents(second.id))
    const all = await page<BatchView>('', '/v1/batches')
    expect(all.items.map(({ id }) => id)).toEqual([second.id, batch])
    expect(all.items[0]).toMatchObject({ labels: { of: 'two' }, finished: true })
    expect(all.items[1]).toMatchObject({ counts: { total: 5, succeeded: 3, failed: 2 } })
    const first = await page<BatchView>('?limit=1', '/v1/batches')
    const rest = await page<BatchView>(`?limit=1&cursor=${first.next}`, '/v1/batches')
    expect([...first.items, ...rest.items]).toEqual(all.items)
  })

  test('of another tenant is empty, and its batch is not there', async () => {
    const headers = { authorization: `Bearer ${line.otherKey}` }
    const list = await line.fetch('/v1/batches', { headers })
    expect(await list.json()).toEqual({ items: [] })
    for (const [path, method] of [
      ['', 'GET'],
      ['/events', 'GET'],
      ['/cancel', 'POST'],
      ['/retry', 'POST'],
    ]) {
      const response = await line.fetch(`/v1/batches/${batch}${path}`, { method, headers })
      expect([path, response.status]).toEqual([path, 404])
    }
  })
})
