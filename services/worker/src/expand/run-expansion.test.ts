import type { Records } from '@packline/records'
import type { ManifestExpansion } from '@packline/shared'
import { afterAll, describe, expect, test } from 'vitest'
import { Stopped } from '../stopped.ts'
import { MANIFEST, makeExpanding, namesOf, TENANT as tenant } from '../test/expanding.ts'
import { runExpansion } from './run-expansion.ts'

const expanding = await makeExpanding()
const { records, engine, logger, begun, repository, accepted, workedOff, resultOf } = expanding
afterAll(expanding.remove)

const manifestOf = (url: string, more: Partial<ManifestExpansion> = {}): ManifestExpansion => ({
  kind: 'manifest',
  source: { url, ref: 'main' },
  ...more,
})

describe('a batch of a manifest', () => {
  test('becomes a build of each function, pinned to the commit', async () => {
    const { url, first, commit: add } = await repository('batch')
    const { id, batch } = await accepted(manifestOf(url, { labels: { of: 'all' } }))
    expect(await workedOff(id)).toBe('done')
    await add({ 'one/index.js': 'later' })
    const { items } = await records.list(tenant, { batch })
    expect(items.map((one) => one.function).toSorted()).toEqual(['one', 'two'])
    const one = items.find((each) => each.function === 'one')
    const { request } = await records.request(tenant, one?.id ?? '')
    expect(request).toMatchObject({
      source: { kind: 'git', url, ref: first, path: 'one' },
      labels: { of: 'all', own: '1' },
    })
    expect(request).not.toHaveProperty('shared')
    expect(items[0]).toMatchObject({ priority: 'bulk', batch, queue: 'nodejs' })
    expect(await records.getBatch(tenant, batch)).toMatchObject({
      counts: { total: 2, queued: 2 },
      repository: { commit: first, untouched: [], warnings: [] },
    })
  })

  test('holds those named, and those that changed', async () => {
    const { url, first, commit: add } = await repository('chosen')
    await add({ 'two/index.js': 'changed' })
    const named = await accepted(manifestOf(url, { functions: ['one'] }))
    await workedOff(named.id)
    expect(namesOf(await resultOf(named.id))).toEqual(['one'])
    const changed = await accepted(manifestOf(url, { since: first }))
    await workedOff(changed.id)
    expect(await resultOf(changed.id)).toMatchObject({
      builds: [{ function: 'two' }],
      untouched: ['one'],
    })
    const gone = await accepted(manifestOf(url, { since: 'a'.repeat(40) }))
    await workedOff(gone.id)
    expect(await records.getBatch(tenant, gone.batch)).toMatchObject({
      counts: { total: 2 },
      repository: {
        warnings: [expect.stringContaining('not there any more')],
        zh: { warnings: [expect.stringContaining('已不存在')] },
      },
    })
  })

  test('fails whole where a name, an entry or the file is wrong, with the place', async () => {
    const { url, commit: add } = await repository('wrong')
    const unknown = await accepted(manifestOf(url, { functions: ['one', 'three'] }))
    expect(await workedOff(unknown.id)).toBe('failed')
    expect(await records.getBatch(tenant, unknown.batch)).toMatchObject({
      finished: true,
      counts: { total: 0 },
      failure: { code: 'SOURCE_NOT_FOUND', detail: expect.stringContaining('no function "three"') },
    })
    await add({
      'packline.yaml': MANIFEST.replace(
        'handler: index.handler, path: two',
        'path: two, version: "99"',
      ),
    })
    const version = await accepted(manifestOf(url))
    await workedOff(version.id)
    expect(await records.getBatch(tenant, version.batch)).toMatchObject({
      counts: { total: 0 },
      failure: { code: 'UNKNOWN_VERSION', detail: expect.stringMatching(/^functions\.two: /) },
    })
    await add({ 'packline.yaml': 'functions:\n  one: {}\n' })
    const broken = await accepted(manifestOf(url))
    await workedOff(broken.id)
    expect(await records.getBatch(tenant, broken.batch)).toMatchObject({
      failure: { code: 'MANIFEST_INVALID', detail: expect.stringMatching(/^packline\.yaml:2: /) },
    })
  })

  test('is tried again where its server is away, and no more than a build would be', async () => {
    const { id, batch } = await accepted(manifestOf('http://127.0.0.1:9/a.git'))
    const away = { ...engine, plainHttpHosts: ['127.0.0.1'] }
    const ends: string[] = []
    for (let n = 0; n < 3; n++) {
      const own = { record: await begun(id), lastTry: false, backoffMs: 1 }
      ends.push(await runExpansion(own, new AbortController(), away, records, logger))
    }
    expect(ends).toEqual(['retry', 'retry', 'failed'])
    expect((await records.getBatch(tenant, batch)).failure).toMatchObject({
      code: 'SOURCE_UNREACHABLE',
    })
  })
})

describe('worked off twice', () => {
  test('after its worker was killed between builds and end, it makes nothing twice', async () => {
    const { url, commit: add } = await repository('killed')
    const { id, batch } = await accepted(manifestOf(url))
    const dead = new Error('killed')
    const killed: Records = {
      ...records,
      expansions: { ...records.expansions, finish: () => Promise.reject(dead) },
    }
    await expect(workedOff(id, killed)).rejects.toThrow(dead)
    const first = (await records.list(tenant, { batch })).items
    expect(first).toHaveLength(2)
    // The branch goes on meanwhile, and gets a function more.
    await add({
      'packline.yaml': `${MANIFEST}  three: {runtime: nodejs, handler: index.handler}\n`,
    })
    expect(await workedOff(id)).toBe('done')
    const second = (await records.list(tenant, { batch })).items
    expect(second.map((one) => one.id)).toEqual(first.map((one) => one.id))
    expect(await records.getBatch(tenant, batch)).toMatchObject({ counts: { total: 2 } })
    expect(namesOf(await resultOf(id))).toEqual(['one', 'two'])
  })

  test('at the same time, the older attempt writes nothing', async () => {
    const { url } = await repository('twice')
    const { id, batch } = await accepted(manifestOf(url))
    const old = await begun(id)
    expect(await workedOff(id)).toBe('done')
    const own = { record: old, lastTry: true, backoffMs: 1 }
    expect(await runExpansion(own, new AbortController(), engine, records, logger)).toBe('done')
    expect(await records.getBatch(tenant, batch)).toMatchObject({ counts: { total: 2 } })
  })

  test('a worker that stops hands it back; one that is told that it ended stops', async () => {
    const { url } = await repository('stops')
    const { id } = await accepted(manifestOf(url))
    for (const [reason, end, state] of [
      ['worker stops', 'handed back', 'queued'],
      ['ended', 'done', 'running'],
    ] as const) {
      const stop = new AbortController()
      stop.abort(new Stopped(reason))
      const own = { record: await begun(id), lastTry: true, backoffMs: 1 }
      expect(await runExpansion(own, stop, engine, records, logger)).toBe(end)
      expect((await records.expansions.get(tenant, id)).state).toBe(state)
    }
  })
})
