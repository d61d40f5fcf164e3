import type { DraftChangeView } from '@packline/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { craftZip } from '../../packages/archive/src/test/craft-zip.ts'
import { functionsOn, of } from '../harness/functions.ts'
import { startTestLine, type TestLine } from '../harness/line.ts'
import { zipOf } from '../harness/subject.ts'

let line: TestLine
beforeAll(async () => {
  line = await startTestLine()
})
afterAll(() => line.stop())

const { ask, send, registered, write, tree, pathsOf, textOf, built, uploaded } = functionsOn(
  () => line,
)

const bring = (name: string, body: object, headers = {}) =>
  send<DraftChangeView>('POST', of(name, '/files/import'), body, headers)

describe('an import', () => {
  test('keeps links and modes, which the package has as well', async () => {
    await registered('linked', { build: { load: false } })
    const upload = await uploaded({
      'index.js': 'exports.handler = async () => 1\n',
      'lib/current': { linkTarget: '../index.js' },
      'bin/run': { bytes: Buffer.from('#!/bin/sh\n'), executable: true },
    })
    expect(await bring('linked', { upload })).toMatchObject({ status: 200, body: { version: 1 } })
    expect((await tree('linked')).entries).toMatchObject([
      { path: 'bin/run', executable: true },
      { path: 'index.js', executable: false },
      { path: 'lib/current', kind: 'link', linkTarget: '../index.js', size: 0 },
    ])
    expect(await ask('GET', of('linked', '/files/lib/current'))).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('is a link to ../index.js') },
    })
    expect(await built('linked')).toMatchObject({ state: 'succeeded', package: { entries: 3 } })
  })

  test('reads names of Chinese Windows where it is told to', async () => {
    await registered('chinese')
    const name = new Uint8Array([0xd6, 0xd0, 0xce, 0xc4, 0x2e, 0x6a, 0x73])
    const bytes = craftZip([{ name: Buffer.from(name), content: Buffer.from('1') }])
    const response = await line.fetch('/v1/uploads?entryNameEncoding=gb18030', {
      method: 'POST',
      body: new Uint8Array(bytes),
    })
    const { upload } = (await response.json()) as { upload: string }
    expect(await bring('chinese', { upload })).toMatchObject({
      status: 422,
      body: { code: 'ARCHIVE_REFUSED', hint: expect.stringContaining('gb18030') },
    })
    const told = await bring('chinese', { upload, entryNameEncoding: 'gb18030' })
    expect(told.status).toBe(200)
    expect(await pathsOf('chinese')).toEqual(['中文.js'])
  })

  test('of more files than an editor shows is listed, with the folders between', async () => {
    await registered('many')
    const names = Array.from({ length: 5001 }, (_, index) => `lib/f${index}.js`)
    const bytes = await zipOf(Object.fromEntries(names.map((name) => [name, ''])))
    const { upload } = await line.client.upload(bytes, bytes.length)
    expect((await bring('many', { upload })).status).toBe(200)
    const listed = await tree('many')
    expect(listed).toMatchObject({ editable: false, files: 5001, upload })
    const again = await uploaded({ 'index.js': 'x' })
    expect(await bring('many', { upload: again })).toMatchObject({ status: 428 })
    const headers = { 'if-match': listed.etag }
    expect(await bring('many', { upload: again }, headers)).toMatchObject({ status: 200 })
    expect(await tree('many')).toMatchObject({ editable: true, files: 1, version: 2 })
  })

  test('leaves what it replaces where somebody was faster', async () => {
    await registered('faster')
    await write('faster', 'mine.js', 'mine')
    const upload = await uploaded({ 'index.js': 'x' })
    const headers = { 'if-match': '"draft-1"' }
    const both = await Promise.all([
      bring('faster', { upload }, headers),
      write('faster', 'other.js', 'other'),
    ])
    const [imported, written] = both.map(({ status }) => status)
    expect([200, 412]).toContain(imported)
    expect(written).toBe(201)
    const left = imported === 412 ? 'mine.js' : 'index.js'
    expect(await pathsOf('faster')).toEqual([left, 'other.js'])
  })
})

describe('a folder', () => {
  test('is made, stays when it is empty, and goes with all that is in it', async () => {
    await registered('folders')
    const make = () => write('folders', 'a/b', '', {}, '?kind=folder')
    expect(await make()).toMatchObject({ status: 201, etag: '"draft-1"' })
    expect(await make()).toMatchObject({ status: 200 })
    expect(await write('folders', 'a/b/c.js', 'c')).toMatchObject({ status: 201 })
    expect(await write('folders', 'a/b', 'no folder', { 'if-match': '*' })).toMatchObject({
      status: 409,
      body: { detail: 'There is a folder at a/b' },
    })
    expect(await ask('GET', of('folders', '/files/a'))).toMatchObject({ status: 409 })
    const gone = (path: string, headers = {}) => ask('DELETE', of('folders', path), { headers })
    expect(await gone('/files/a/b/c.js', { 'if-match': '*' })).toMatchObject({ status: 200 })
    expect(await pathsOf('folders')).toEqual(['a/b'])
    expect(await gone('/files/a')).toMatchObject({ status: 428 })
    expect(await gone('/files/a', { 'if-match': '"draft-3"' })).toMatchObject({ status: 412 })
    expect(await gone('/files/a', { 'if-match': '"draft-4"' })).toMatchObject({ status: 200 })
    expect(await pathsOf('folders')).toEqual([])
    expect(await gone('/files/a', { 'if-match': '*' })).toMatchObject({ status: 404 })
  })

  test('is renamed with all that is in it, but onto nothing that is there', async () => {
    await registered('renamed')
    const files = { 'lib/a.js': 'a', 'lib/deep/b.js': 'b', 'index.js': 'i' }
    await send('PUT', of('renamed', '/files'), { version: 0, files })
    const move = (from: string, to: string) =>
      send('POST', of('renamed', '/files/move'), { from, to }, { 'if-match': '*' })
    expect(await move('lib', 'index.js')).toMatchObject({ status: 409 })
    expect(await move('lib', 'lib/deep/lib')).toMatchObject({ status: 409 })
    expect(await move('none', 'lib2')).toMatchObject({ status: 404 })
    expect(await move('lib', 'src')).toMatchObject({ status: 200 })
    expect(await pathsOf('renamed')).toEqual(['index.js', 'src/a.js', 'src/deep/b.js'])
    expect(await textOf('renamed', 'src/deep/b.js')).toBe('b')
  })
})

describe('a file', () => {
  test('called as a path beside is one like others', async () => {
    await registered('named')
    for (const path of ['move', 'import', 'import/inner']) {
      const status = path === 'import/inner' ? 409 : 201
      expect([path, (await write('named', path, path)).status]).toEqual([path, status])
    }
    expect(await textOf('named', 'move')).toBe('move')
    expect(await pathsOf('named')).toEqual(['import', 'move'])
  })

  test('may be asked to be new, and keeps its mode until it is told another', async () => {
    await registered('modes')
    const isNew = { 'if-none-match': '*' }
    expect(await write('modes', 'run', 'one', isNew, '?executable=true')).toMatchObject({
      status: 201,
      body: { entry: { executable: true } },
    })
    expect(await write('modes', 'run', 'two', isNew)).toMatchObject({ status: 412 })
    const any = { 'if-match': '*' }
    expect(await write('modes', 'run', 'two', any)).toMatchObject({
      status: 200,
      body: { entry: { executable: true } },
    })
    expect(await write('modes', 'run', 'two', any, '?executable=false')).toMatchObject({
      body: { entry: { executable: false } },
    })
    const head = await line.fetch(of('modes', '/files/run'), { method: 'HEAD' })
    expect(head.headers.get('content-length')).toBe('3')
    expect(head.headers.get('x-draft-version')).toBe('3')
  })

  test('larger than an editor takes is refused, and so is the draft that it would make', async () => {
    await registered('heavy')
    const half = Buffer.alloc(11 * 1024 * 1024)
    expect((await write('heavy', 'one.bin', half)).status).toBe(201)
    expect(await write('heavy', 'two.bin', half)).toMatchObject({
      status: 422,
      body: { code: 'UNPACKED_TOO_LARGE' },
    })
    expect(await write('heavy', 'three.bin', Buffer.alloc(20 * 1024 * 1024 + 1))).toMatchObject({
      status: 413,
      body: { code: 'BODY_TOO_LARGE' },
    })
    expect(await tree('heavy')).toMatchObject({ version: 1, files: 1 })
  })
})

describe('templates', () => {
  test('are listed with their handlers, and those of HTTP functions are to be had', async () => {
    const { body } = await ask<{ items: { runtime: string; type: string }[] }>(
      'GET',
      '/v1/templates',
    )
    expect(body.items.map(({ runtime, type }) => `${runtime} ${type}`)).toEqual([
      'nodejs event',
      'nodejs http',
      'python event',
      'java event',
      'go event',
      'custom event',
    ])
    const http = await line.fetch('/v1/templates/nodejs/package?type=http')
    expect(http.headers.get('content-disposition')).toContain('nodejs.zip')
    await http.arrayBuffer()
    expect((await ask('GET', '/v1/templates/python/package?type=http')).status).toBe(404)
    expect((await ask('GET', '/v1/templates/cobol/package')).body.code).toBe('UNKNOWN_RUNTIME')
    await send('PUT', of('served'), { runtime: 'nodejs', type: 'http', template: true })
    expect(await pathsOf('served')).toEqual(['bootstrap', 'server.js'])
  })

  test('are written once, under the names of the handler', async () => {
    const asked = { handler: 'app.main', template: true }
    await registered('first', asked)
    expect(await textOf('first', 'app.js')).toContain('exports.main = ')
    await write('first', 'app.js', 'mine', { 'if-match': '*' })
    await registered('first', asked)
    expect(await textOf('first', 'app.js')).toBe('mine')
    const python = { runtime: 'python', handler: 'a.b', type: 'event', template: true }
    await send('PUT', of('snake'), python)
    expect(await textOf('snake', 'a.py')).toMatch(/^# -\*- coding:utf-8/)
    const http = { runtime: 'python', type: 'http', template: true }
    expect(await send('PUT', of('none'), http)).toMatchObject({
      status: 400,
      body: { at: 'template' },
    })
    expect((await ask('GET', of('none'))).status).toBe(404)
  })
})
