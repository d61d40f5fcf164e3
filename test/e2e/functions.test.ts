import type { FunctionView, NumberedPackage } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { functionsOn, NODE, of } from '../harness/functions.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { needs } from '../harness/needs.ts'

let line: TestLine
beforeAll(async () => {
  line = await startTestLine()
})
afterAll(() => line.stop())

const { ask, send, registered, write, built, packedFiles } = functionsOn(() => line)

describe('a function', () => {
  test('is registered with what a build would take, listed, changed and deleted', async () => {
    const made = await send<FunctionView>('PUT', of('one'), { ...NODE, description: 'first' })
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'one', description: 'first', type: 'event', aliases: {} },
    })
    const draft = { version: 0, files: 0, size: 0, editable: true }
    expect(made.body.draft).toEqual(draft)
    await registered('another')
    const changed = await send<FunctionView>('PUT', of('one'), { ...NODE, handler: 'app.main' })
    expect(changed).toMatchObject({ status: 200, body: { handler: 'app.main', draft } })
    expect(changed.body.description).toBeUndefined()
    const page = await ask<{ items: FunctionView[]; next: string }>('GET', '/v1/functions?limit=1')
    expect(page.body).toMatchObject({ items: [{ name: 'another' }], next: 'another' })
    expect(await ask('DELETE', of('one'))).toMatchObject({ status: 200 })
    expect(await ask('GET', of('one'))).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
  })

  test.each([
    [{ handler: 'nothing' }, 'HANDLER_FORM'],
    [{ version: '3' }, 'UNKNOWN_VERSION'],
    [{ runtime: 'cobol' }, 'UNKNOWN_RUNTIME'],
    [{ build: { command: ['make'] } }, 'INVALID_REQUEST'],
    [{ source: { kind: 'draft' } }, 'INVALID_REQUEST'],
    [{ keep: { count: 0 } }, 'INVALID_REQUEST'],
  ])('of %j is refused at the door', async (changes, code) => {
    expect(await send('PUT', of('wrong'), { ...NODE, ...changes })).toMatchObject({
      status: 400,
      body: { code },
    })
    expect((await ask('GET', of('wrong'))).status).toBe(404)
  })

  test('is its tenant’s alone', async () => {
    await registered('mine', { template: true })
    const headers = { authorization: `Bearer ${line.otherKey}` }
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/files'],
      ['GET', '/files/index.js'],
      ['PUT', '/files/index.js'],
      ['DELETE', '/files/index.js'],
      ['GET', '/packages'],
      ['GET', '/packages/1'],
      ['GET', '/packages/1/package'],
      ['GET', '/packages/diff?from=1&to=1'],
      ['GET', '/aliases'],
      ['GET', '/aliases/current'],
      ['DELETE', '/aliases/stable'],
    ] as const) {
      expect([path, (await ask(method, of('mine', path), { headers })).status]).toEqual([path, 404])
    }
    const body = { source: { kind: 'draft' }, function: 'mine', ...NODE }
    expect(await send('POST', '/v1/builds', body, headers)).toMatchObject({
      status: 422,
      body: { code: 'SOURCE_NOT_FOUND' },
    })
    expect((await send('POST', of('mine', '/builds'), {}, headers)).status).toBe(404)
  })
})

describe('builds of a draft', () => {
  test('are of the version that was there when they were accepted, retries too', async (context) => {
    needs(context, 'sandbox')
    await registered('pinned', { template: true, labels: { team: 'blue' } })
    const first = await built('pinned')
    expect(first).toMatchObject({
      state: 'succeeded',
      number: 1,
      labels: { team: 'blue' },
    })
    const { pin } = await line.client.report(first.id)
    const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/)
    expect(pin).toEqual({ kind: 'draft', version: 1, sha256 })
    const text = 'exports.handler = async () => "newer"\n'
    await write('pinned', 'index.js', text, { 'if-match': '*' })
    const { id } = await line.client.retry(first.id)
    await Array.fromAsync(line.client.events(id))
    expect((await line.client.report(id)).pin).toEqual(pin)
    expect(await packedFiles(id)).toEqual(await packedFiles(first.id))
    const second = await built('pinned', { source: { kind: 'draft', version: 2 } })
    expect(await packedFiles(second.id)).toEqual({ 'index.js': text })
    const stale = { source: { kind: 'draft', version: 1 } }
    expect(await send('POST', of('pinned', '/builds'), stale)).toMatchObject({
      status: 412,
      body: { code: 'PRECONDITION_FAILED', current: { version: 2 } },
    })
  })

  test('need files, and any other source takes the function’s settings as well', async () => {
    await registered('without')
    expect(await send('POST', of('without', '/builds'), {})).toMatchObject({
      status: 422,
      body: { code: 'SOURCE_NOT_FOUND', detail: 'The draft of without has no files' },
    })
    const source = { kind: 'inline', files: { 'index.js': 'exports.handler = async () => 1\n' } }
    expect(await built('without', { source })).toMatchObject({ state: 'succeeded', number: 1 })
    const asked = { source: { kind: 'inline', files: { 'index.js': 'no handler' } } }
    expect(await built('without', asked)).toMatchObject({ state: 'failed' })
    expect((await ask<FunctionView>('GET', of('without'))).body.newest).toBe(1)
  })
})

describe('packages', () => {
  const list = async (name: string) =>
    (await ask<{ items: NumberedPackage[] }>('GET', of(name, '/packages'))).body.items

  test('are numbered, compared, pointed to and rolled back', async () => {
    await registered('numbered', { build: { load: false } })
    const save = (files: object, version: number) =>
      send('PUT', of('numbered', '/files'), { version, files })
    await save({ 'index.js': 'exports.handler = async () => 1\n', 'old.js': '1' }, 0)
    const first = await built('numbered')
    await save({ 'index.js': 'exports.handler = async () => 2\n', 'new.js': '你好' }, 1)
    await ask('DELETE', of('numbered', '/files/old.js'), { headers: { 'if-match': '*' } })
    const second = await built('numbered')
    expect([first.number, second.number]).toEqual([1, 2])
    expect(await list('numbered')).toMatchObject([
      { number: 2, build: second.id, aliases: ['current'] },
      { number: 1, build: first.id, aliases: [] },
    ])
    const diff = await ask('GET', of('numbered', '/packages/diff?from=1&to=current'))
    expect(diff.body).toEqual({
      from: 1,
      to: 2,
      counts: { added: 1, removed: 1, changed: 1, same: 0 },
      added: [{ path: 'new.js', size: 6, crc32: expect.stringMatching(/^[0-9a-f]{8}$/) }],
      removed: [{ path: 'old.js', size: 1, crc32: '83dcefb7' }],
      changed: [expect.objectContaining({ path: 'index.js' })],
    })
    const point = (alias: string, number: number) =>
      send('PUT', of('numbered', `/aliases/${alias}`), { number })
    expect(await point('stable', 1)).toMatchObject({ status: 200, body: { number: 1 } })
    expect(await point('canary', 9)).toMatchObject({ status: 404 })
    expect(await point('current', 1)).toMatchObject({ status: 200 })
    expect((await ask('GET', of('numbered', '/aliases'))).body).toEqual({ current: 1, stable: 1 })
    const bytes = await line.fetch(of('numbered', '/packages/1/package'))
    expect(bytes.headers.get('etag')).toBe(`"${first.package?.sha256}"`)
    await bytes.arrayBuffer()
    await built('numbered')
    expect((await ask('GET', of('numbered', '/aliases'))).body).toEqual({ current: 3, stable: 1 })
    expect(await ask('DELETE', of('numbered'))).toMatchObject({
      status: 409,
      body: { detail: 'Packages of numbered are in use as stable' },
    })
    expect((await ask('DELETE', of('numbered', '/aliases/current'))).status).toBe(409)
    expect((await ask('DELETE', of('numbered', '/aliases/stable'))).status).toBe(200)
    expect((await ask('DELETE', of('numbered'))).status).toBe(200)
    await registered('numbered')
    expect(await list('numbered')).toHaveLength(3)
  })

  test('beyond what is kept go, but for the newest and what an alias points to', async () => {
    await registered('kept-few', { template: true, build: { load: false }, keep: { count: 1 } })
    await built('kept-few')
    await send('PUT', of('kept-few', '/aliases/stable'), { number: 1 })
    for (let turn = 0; turn < 2; turn += 1) await built('kept-few')
    expect((await list('kept-few')).map(({ number }) => number)).toEqual([3, 1])
    expect((await ask('GET', of('kept-few', '/packages/2'))).status).toBe(404)
  })
})
