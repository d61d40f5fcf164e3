import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { openArchive } from '@packline/archive'
import { makeOutbound } from '@packline/outbound'
import { loadProfile } from '@packline/profiles'
import type { NewBuild } from '@packline/records'
import {
  type BuildRequestInput,
  buildRequestSchema,
  type DraftArchive,
  type DraftEntry,
  dependencyRequestSchema,
  STORE_KEYS,
} from '@packline/shared'
import { type Store, storeFromUrl } from '@packline/stores'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  makeTestInstallation,
  type TestInstallation,
} from '../../../packages/records/src/test-installation.ts'
import { type Known, takeIn, takeInDependency } from './take-in.ts'

let all: TestInstallation
let folder: string
let store: Store
let known: Known

beforeAll(async () => {
  all = await makeTestInstallation()
  folder = await mkdtemp(join(tmpdir(), 'packline-drafts-'))
  store = storeFromUrl(pathToFileURL(folder).href)
  await store.prepare()
  const { check: checkAddress } = makeOutbound({ allow: [] })
  const profile = await loadProfile('ctyun-functiongraph')
  known = { profile, store, records: all.records, checkAddress }
})
afterAll(async () => {
  await all.remove()
  await store.close()
  await rm(folder, { recursive: true })
})

const NODE = {
  type: 'event',
  runtime: 'nodejs',
  version: '20.15',
  architecture: 'x86_64',
  handler: 'index.handler',
  build: { load: false, timeoutSeconds: 900 },
} as const

/** A function with these files, whose contents lie in the store. */
async function edited(name: string, files: Record<string, string>, archive?: DraftArchive) {
  const { functions } = all.records
  await functions.put('acme', name, NODE)
  const entries = new Map<string, DraftEntry>()
  for (const [path, text] of Object.entries(files)) {
    const bytes = Buffer.from(text)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await store.put(STORE_KEYS.draftFile('acme', sha256), { bytes }, { sha256 })
    entries.set(path, { kind: 'file', size: bytes.length, sha256, executable: path === 'run' })
  }
  entries.set('empty', { kind: 'folder', size: 0 })
  entries.set('link.js', { kind: 'link', size: 0, linkTarget: 'index.js' })
  const content = archive ? { entries: new Map(), archive } : { entries }
  await functions.saveDraft('acme', name, await functions.draft('acme', name), content)
}

async function taken(
  name: string,
  source: object = {},
  tenant = 'acme',
  fields: object = {},
): Promise<NewBuild> {
  const request = {
    function: name,
    runtime: 'nodejs',
    handler: 'index.handler',
    source: { kind: 'draft', ...source },
    ...fields,
  } as BuildRequestInput
  const [build] = await takeIn([buildRequestSchema.parse(request)], { tenant, as: 'build' }, known)
  return build as NewBuild
}

test('a draft is pinned to what it holds, as one archive that later edits leave alone', async () => {
  await edited('pinned', { 'index.js': 'one', run: '#!/bin/sh\n' })
  const { request, sourceKey = '' } = await taken('pinned')
  const object = await store.get(sourceKey)
  const bytes = object ? await buffer(object.stream) : Buffer.alloc(0)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(request.source).toEqual({ kind: 'draft', version: 1, sha256, size: bytes.length })
  expect(sourceKey).toBe(STORE_KEYS.draft('acme', sha256))
  const limits = { entriesMax: 10, unpackedBytesMax: 1000, ratioMax: 1100 }
  const archive = await openArchive({ bytes }, { limits })
  expect(archive.entries).toMatchObject([
    { path: 'index.js', executable: false },
    { path: 'link.js', kind: 'link', linkTarget: 'index.js' },
    { path: 'run', executable: true },
  ])
  await archive.close()
  await edited('pinned', { 'index.js': 'two' })
  const later = await taken('pinned', { as: 'source' })
  expect(later.request.source).toMatchObject({ version: 2, as: 'source' })
  expect(later.sourceKey).not.toBe(sourceKey)
})

test('equal drafts are one object, and one that rests is not packed again', async () => {
  await edited('equal-a', { 'index.js': 'same' })
  await edited('equal-b', { 'index.js': 'same' })
  const [one, other] = [await taken('equal-a'), await taken('equal-b')]
  expect(one.sourceKey).toBe(other.sourceKey)
  // Where its files can not be read any more only the archive is left to build from.
  const text = createHash('sha256').update('same').digest('hex')
  await store.remove(STORE_KEYS.draftFile('acme', text))
  expect((await taken('equal-a')).sourceKey).toBe(one.sourceKey)
  await store.remove(one.sourceKey ?? '')
  await expect(taken('equal-a')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
})

test('an archive that was too large to be opened is built as it was uploaded', async () => {
  const upload = 'a'.repeat(64)
  const archive = {
    upload,
    size: 7,
    unpackedSize: 1,
    entries: 1,
    entryNameEncoding: 'gb18030',
  } as const
  await edited('unopened', {}, archive)
  const { request, sourceKey } = await taken('unopened')
  const pinned = { version: 1, sha256: upload, size: 7, upload: true }
  expect(request.source).toEqual({ kind: 'draft', ...pinned })
  expect(request.build.entryNameEncoding).toBe('gb18030')
  expect(sourceKey).toBe(STORE_KEYS.upload('acme', upload, 'zip'))
})

test('what has no files, another version or another tenant is refused', async () => {
  await all.records.functions.put('acme', 'no-files', NODE)
  const none = { code: 'SOURCE_NOT_FOUND', at: 'source' }
  await expect(taken('no-files')).rejects.toMatchObject(none)
  await expect(taken('not-registered')).rejects.toMatchObject(none)
  await edited('mine', { 'index.js': 'x' })
  await expect(taken('mine', {}, 'other')).rejects.toMatchObject(none)
  await expect(taken('mine', { version: 9 })).rejects.toMatchObject({
    code: 'PRECONDITION_FAILED',
    at: 'source.version',
    current: { version: 1 },
    hint: expect.stringMatching(/^Look at the draft as it is now/),
  })
  const builds = ['mine', 'not-registered'].map((name) =>
    buildRequestSchema.parse({
      function: name,
      runtime: 'nodejs',
      handler: 'index.handler',
      source: { kind: 'draft' },
    }),
  )
  await expect(takeIn(builds, { tenant: 'acme', as: 'batch' }, known)).rejects.toMatchObject({
    at: 'builds[1].source',
  })
  const source = { kind: 'draft' }
  const libraries = dependencyRequestSchema.parse({ name: 'mine', runtime: 'nodejs', source })
  await expect(takeInDependency(libraries, 'acme', known)).rejects.toMatchObject(none)
})

test.each([
  ['java', '17', 'a.Hello.handle'],
  ['go', '1.x', 'hello'],
] as const)('%s without files, which is compiled, is told to send its source', async (...row) => {
  const [runtime, version, handler] = row
  await all.records.functions.put('acme', `no-${runtime}`, { ...NODE, runtime, version, handler })
  for (const name of [`no-${runtime}`, `not-registered-${runtime}`]) {
    const refused = taken(name, {}, 'acme', { runtime, handler })
    await expect(refused).rejects.toMatchObject({
      code: 'SOURCE_NOT_FOUND',
      hint: expect.stringMatching(/^Send the source with the request/),
      zh: { hint: expect.stringMatching(/^请随请求提交源代码/) },
    })
  }
  await expect(taken('not-registered')).rejects.toMatchObject({
    hint: expect.stringContaining('PUT /v1/functions/NAME/files'),
  })
})

test('a draft is no way round what a runtime takes: another than the function’s is refused', async () => {
  await edited('hello', { 'Hello.java': 'class Hello {}' })
  for (const [runtime, handler] of [
    ['java', 'a.Hello.handle'],
    ['go', 'hello'],
    ['custom', 'hello'],
  ]) {
    await expect(taken('hello', {}, 'acme', { runtime, handler })).rejects.toMatchObject({
      code: 'INVALID_REQUEST',
      at: 'runtime',
      message: `The draft of hello is of nodejs; the request names ${runtime}`,
    })
  }
})
