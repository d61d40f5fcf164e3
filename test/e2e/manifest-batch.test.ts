import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BatchChange, ManifestBatchInput } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  commitFiles,
  type GitServer,
  git,
  makeRepository,
  serveRepositories,
} from '../harness/git-server.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

const MANIFEST = `functions:
  hello: {runtime: nodejs, handler: index.handler, path: hello, build: {load: false}}
  other: {runtime: nodejs, handler: index.handler, path: other, shared: [lib], build: {load: false}}
`
const CODE = 'exports.handler = async () => "你好"\n'

let line: TestLine
let folder: string
let server: GitServer
let url: string
let first: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-manifest-batch-'))
  server = await serveRepositories(folder)
  url = `${server.url}/app/.git`
  first = await makeRepository(join(folder, 'app'), {
    'packline.yaml': MANIFEST,
    'hello/index.js': CODE,
    'other/index.js': CODE,
    'lib/shared.js': CODE,
  })
  line = await startTestLine({ environment: { PACKLINE_PLAIN_HTTP_HOSTS: '127.0.0.1' } })
})
afterAll(async () => {
  await line?.stop()
  await server?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})

function asked(more: Partial<ManifestBatchInput> = {}): ManifestBatchInput {
  return { source: { kind: 'git', url, ref: 'main' }, manifest: true, ...more }
}

async function followed(id: string): Promise<BatchChange[]> {
  const changes: BatchChange[] = []
  for await (const change of line.client.batchEvents(id)) changes.push(change)
  return changes
}

async function builtOf(batch: string): Promise<string[]> {
  const { items } = await line.client.builds({ batch })
  return items.map((one) => one.function).toSorted()
}

describe('a batch of a repository', () => {
  test('is answered at once and builds what packline.yaml lists, at one commit', async () => {
    const { id, builds } = await line.client.submitManifest(asked({ labels: { by: 'test' } }))
    expect(builds).toEqual([])
    const changes = await followed(id)
    expect(changes.filter((one) => one.expansion)).toHaveLength(1)
    const batch = await line.client.batch(id)
    expect(batch).toMatchObject({
      finished: true,
      labels: { by: 'test' },
      counts: { total: 2, succeeded: 2 },
      repository: { commit: first, untouched: [] },
    })
    const { items } = await line.client.builds({ batch: id })
    expect(items.map((one) => one.pin)).toMatchObject([{ commit: first }, { commit: first }])
  })

  test('builds only what changed since a commit, by folder and shared folder', async () => {
    await commitFiles(join(folder, 'app'), { 'lib/shared.js': '// changed\n' })
    const { id } = await line.client.submitManifest(asked({ since: first }))
    await followed(id)
    expect(await builtOf(id)).toEqual(['other'])
    expect((await line.client.batch(id)).repository).toMatchObject({ untouched: ['hello'] })
  })

  test('builds only those named; the same key answers the same batch', async () => {
    const request = asked({ functions: ['hello'] })
    const keyed = { idempotencyKey: 'manifest-1' }
    const { id } = await line.client.submitManifest(request, keyed)
    expect(await line.client.submitManifest(request, keyed)).toMatchObject({ id, builds: [] })
    await followed(id)
    expect(await builtOf(id)).toEqual(['hello'])
    await expect(line.client.submitManifest(asked(), keyed)).rejects.toMatchObject({
      code: 'IDEMPOTENCY_MISMATCH',
    })
  })

  test('says why there are no builds, and its stream ends', async () => {
    const source = { kind: 'git', url, ref: 'nowhere' } as const
    const { id } = await line.client.submitManifest(asked({ source }))
    const changes = await followed(id)
    expect(changes).toMatchObject([{ state: 'failed', counts: { total: 0 } }])
    expect(await line.client.batch(id)).toMatchObject({
      finished: true,
      failure: { code: 'SOURCE_NOT_FOUND' },
    })
  })

  test('that could not be read is read again by a retry, as a new batch', async () => {
    const source = { kind: 'git', url, ref: 'comes-later' } as const
    const labels = { by: 'retry' }
    const { id } = await line.client.submitManifest(asked({ source, labels }))
    await followed(id)
    await commitFiles(join(folder, 'app'), { 'hello/index.js': `${CODE}// later\n` })
    git(join(folder, 'app'), 'branch', 'comes-later')
    const again = await line.client.retryBatch(id)
    expect(again).toMatchObject({ builds: [], retryOf: id })
    await followed(again.id)
    expect(await line.client.batch(again.id)).toMatchObject({ labels, counts: { succeeded: 2 } })
    const { items } = await line.client.batches({ label: 'by:retry' })
    expect(items.map((one) => one.id)).toEqual([again.id, id])
    // What a batch is labelled with its builds are, too.
    expect((await line.client.builds({ label: 'by:retry' })).items).toHaveLength(2)
  })
})

test.each([
  ['another kind of source', { source: { kind: 'upload', upload: 'a'.repeat(64) } }, 'source.kind'],
  ['a short commit', { since: 'abc123' }, 'since'],
  ['builds, too', { builds: [] }, ''],
  ['no manifest', { manifest: false }, 'manifest'],
])('with %s it is refused', async (_what, more, at) => {
  const body = JSON.stringify({ ...asked(), ...more })
  const response = await line.fetch('/v1/batches', { method: 'POST', body })
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ code: 'INVALID_REQUEST', ...(at && { at }) })
})
