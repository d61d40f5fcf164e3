import type { DraftChangeView } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { functionsOn, of } from '../harness/functions.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'

let line: TestLine
beforeAll(async () => {
  line = await startTestLine()
})
afterAll(() => line.stop())

const { ask, send, registered, write, tree, pathsOf, textOf, built, packedFiles, uploaded } =
  functionsOn(() => line)

describe('online files', () => {
  test('are written, read, renamed and deleted, each on what its editor has seen', async () => {
    await registered('edited', { template: true })
    const first = await line.fetch(of('edited', '/files/index.js'))
    expect(await first.text()).toContain('exports.handler')
    expect(first.headers.get('content-type')).toContain('text/plain')
    const etag = first.headers.get('etag') ?? ''
    const [one, other] = ['exports.handler = async () => 1\n', 'exports.handler = async () => 2\n']
    const saved = await write('edited', 'index.js', one, { 'if-match': etag })
    expect(saved).toMatchObject({ status: 200, body: { version: 2 } })
    expect(await write('edited', 'index.js', other, { 'if-match': etag })).toMatchObject({
      status: 412,
      body: { code: 'PRECONDITION_FAILED', current: { version: 2, etag: saved.etag } },
    })
    expect(await write('edited', 'index.js', other)).toMatchObject({
      status: 428,
      body: { code: 'PRECONDITION_REQUIRED', current: { version: 2, etag: saved.etag } },
    })
    expect(await textOf('edited', 'index.js')).toBe(one)
    const known = await line.fetch(of('edited', '/files/index.js'), {
      headers: { 'if-none-match': saved.etag },
    })
    expect(known.status).toBe(304)
    const moved = { from: 'index.js', to: 'lib/app.js' }
    const move = (headers = {}) => send('POST', of('edited', '/files/move'), moved, headers)
    expect(await move()).toMatchObject({ status: 428 })
    expect(await move({ 'if-match': saved.etag })).toMatchObject({ status: 200 })
    expect(await pathsOf('edited')).toEqual(['lib/app.js'])
    expect(await textOf('edited', 'lib/app.js')).toBe(one)
    const gone = await ask('DELETE', of('edited', '/files/lib'), { headers: { 'if-match': '*' } })
    expect(gone).toMatchObject({ status: 200, etag: '"draft-4"' })
    expect(await tree('edited')).toMatchObject({ version: 4, files: 0, size: 0, entries: [] })
  })

  test('are text or bytes, with any name a package may have, folders and modes', async () => {
    await registered('all-kinds')
    const bytes = Buffer.from([0, 255, 1])
    const name = encodeURIComponent('数据/a b%.bin').replaceAll('%2F', '/')
    expect(await write('all-kinds', name, bytes)).toMatchObject({ status: 201 })
    expect(await write('all-kinds', 'run', '#!/bin/sh\n', {}, '?executable=true')).toMatchObject({
      body: { entry: { executable: true, binary: false, etag: expect.stringMatching(/-x"$/) } },
    })
    expect(await write('all-kinds', 'empty/folder', '', {}, '?kind=folder')).toMatchObject({
      status: 201,
    })
    const read = await line.fetch(of('all-kinds', `/files/${name}`))
    expect(Buffer.from(await read.arrayBuffer())).toEqual(bytes)
    expect(read.headers.get('content-type')).toBe('application/octet-stream')
    expect((await tree('all-kinds')).entries).toMatchObject([
      { path: 'empty/folder', kind: 'folder' },
      { path: 'run', kind: 'file', executable: true },
      { path: '数据/a b%.bin', binary: true, size: 3 },
    ])
    expect(await write('all-kinds', 'run/inside', 'x')).toMatchObject({ status: 409 })
    expect(await write('all-kinds', 'RUN', 'x')).toMatchObject({
      status: 409,
      body: { detail: '"run" and "RUN" can not both be in one package' },
    })
    expect(await write('all-kinds', '..%2f..%2fetc', 'x')).toMatchObject({ status: 400 })
    expect(await ask('GET', of('all-kinds', '/files/none'))).toMatchObject({ status: 404 })
    expect(await ask('PATCH', of('all-kinds', '/files/run'))).toMatchObject({ status: 405 })
  })

  test('are saved many at once, all or nothing', async () => {
    await registered('at-once', { template: true })
    const save = (body: object) => send<DraftChangeView>('PUT', of('at-once', '/files'), body)
    const files = { 'a.js': 'a', 'b/c.js': { text: 'c', executable: true } }
    expect(await save({ version: 1, files, deletes: ['index.js'] })).toMatchObject({
      status: 200,
      body: { version: 2 },
    })
    expect(await pathsOf('at-once')).toEqual(['a.js', 'b/c.js'])
    expect(await save({ version: 1, files: { 'a.js': 'mine' } })).toMatchObject({
      status: 412,
      body: { current: { version: 2 } },
    })
    const clashes = { 'new.js': 'n', a: { base64: 'AA==' }, 'a/b.js': 'x' }
    expect((await save({ version: 2, files: clashes })).status).toBe(409)
    expect((await save({ version: 2, deletes: ['a.js', 'none'] })).status).toBe(404)
    expect(await tree('at-once')).toMatchObject({ version: 2, files: 2 })
  })

  test('written at the same moment are all kept, and of two editors of one file one is told', async () => {
    await registered('raced')
    const names = Array.from({ length: 8 }, (_, index) => `file-${index}.js`)
    const written = await Promise.all(names.map((name) => write('raced', name, name)))
    expect(written.map(({ status }) => status)).toEqual(names.map(() => 201))
    expect(await pathsOf('raced')).toEqual(names)
    const etag = (await tree('raced')).entries[0]?.etag ?? ''
    const both = await Promise.all(
      ['one', 'other'].map((text) => write('raced', 'file-0.js', text, { 'if-match': etag })),
    )
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412])
  })

  test('of compiled languages are read-only, and say why', async () => {
    const java = { runtime: 'java', version: '17', handler: 'com.example.Hello.handle' }
    await send('PUT', of('compiled'), java)
    expect(await tree('compiled')).toMatchObject({
      editable: false,
      reason: 'Java is compiled: its files can not be edited online',
    })
    const refused = { status: 409, body: { code: 'EDIT_REFUSED' } }
    const upload = await uploaded({ 'src/Hello.java': 'class Hello {}' })
    expect(await write('compiled', 'Hello.java', 'class Hello {}')).toMatchObject(refused)
    expect(await send('POST', of('compiled', '/files/import'), { upload })).toMatchObject(refused)
    const withTemplate = { ...java, template: true }
    expect(await send('PUT', of('compiled'), withTemplate)).toMatchObject(refused)
    const starter = await line.fetch('/v1/templates/java/package')
    expect(starter.headers.get('content-type')).toBe('application/zip')
    expect((await send('PUT', of('edited'), java)).status).toBe(200)
    await registered('with-files', { template: true })
    expect(await send('PUT', of('with-files'), java)).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT' },
    })
  })
})

describe('an uploaded ZIP', () => {
  test('is unpacked for editing, in place of what was there', async () => {
    await registered('imported', { template: true })
    const upload = await uploaded({
      'index.js': "exports.handler = async () => require('./lib/a.js')\n",
      'lib/a.js': 'module.exports = 1\n',
      'bin/tool': { bytes: Buffer.from([127, 0]), executable: true },
    })
    const bring = (body: object, headers = {}) =>
      send('POST', of('imported', '/files/import'), body, headers)
    expect((await bring({ upload })).status).toBe(428)
    expect((await bring({ upload }, { 'if-match': '"draft-0"' })).status).toBe(412)
    expect((await bring({ upload }, { 'if-match': '"draft-1"' })).status).toBe(200)
    expect((await tree('imported')).entries).toMatchObject([
      { path: 'bin/tool', executable: true, binary: true },
      { path: 'index.js' },
      { path: 'lib/a.js' },
    ])
    const build = await built('imported', { labels: { from: 'editor' } })
    expect(build).toMatchObject({ state: 'succeeded', number: 1, labels: { from: 'editor' } })
    expect(Object.keys(await packedFiles(build.id))).toEqual(['bin/tool', 'index.js', 'lib/a.js'])
    const none = { upload: 'a'.repeat(64) }
    expect((await bring(none, { 'if-match': '*' })).body.code).toBe('UPLOAD_NOT_FOUND')
    const jar = { upload: await uploaded({ 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\n' }) }
    expect((await bring(jar, { 'if-match': '*' })).body.code).toBe('FORMAT')
  })

  test('over 20 MB unpacked is listed and not opened, and is built as it is', async () => {
    await registered('large')
    const upload = await uploaded({
      'index.js': 'exports.handler = async () => 1\n',
      'model.bin': Buffer.alloc(21 * 1024 * 1024),
    })
    expect((await send('POST', of('large', '/files/import'), { upload })).status).toBe(200)
    expect(await tree('large')).toMatchObject({
      version: 1,
      editable: false,
      reason: expect.stringContaining('listed and not opened'),
      upload,
      files: 2,
      entries: [{ path: 'index.js' }, { path: 'model.bin', size: 21 * 1024 * 1024 }],
    })
    const headers = { 'if-match': '*' }
    expect(await write('large', 'index.js', 'x', headers)).toMatchObject({
      status: 409,
      body: { code: 'EDIT_REFUSED' },
    })
    const build = await built('large')
    expect(build).toMatchObject({ state: 'succeeded', package: { sha256: upload } })
    const { pin } = await line.client.report(build.id)
    expect(pin).toEqual({ kind: 'draft', version: 1, sha256: upload })
    expect((await ask('DELETE', of('large', '/files'), { headers })).status).toBe(200)
    expect((await write('large', 'index.js', 'x')).status).toBe(201)
  })
})
