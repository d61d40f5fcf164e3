import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildInfo, sharedLibrary } from '../../../../../test/harness/go-binary.ts'
import { readGoBinary } from './binary.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packline-binary-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function dynamic(names: { name: string; isDefined?: boolean }[]) {
  const strings = Buffer.from(`\0${names.map(({ name }) => name).join('\0')}\0`)
  const table = names.map(({ name, isDefined = true }) => {
    const row = Buffer.alloc(24)
    row.writeUInt32LE(strings.indexOf(`${name}\0`), 0)
    row.writeUInt16LE(isDefined ? 13 : 0, 6)
    return row
  })
  return { '.dynsym': Buffer.concat(table), '.dynstr': strings }
}

async function read(bytes: Buffer) {
  const path = join(folder, 'binary')
  await writeFile(path, bytes)
  return readGoBinary(path)
}

const INFO = [
  'path\texample.com/a.b/hello.v2',
  'mod\texample.com/a.b/hello.v2\t(devel)\t',
  'dep\tgithub.com/x/y\tv1.2.3\th1:abc=',
  'dep\tgithub.com/old\tv1.0.0\t',
  '=>\tgithub.com/new\tv2.0.0\th1:def=',
  'build\t-buildmode=plugin',
  'build\t-ldflags="-X main.a=b"',
  'build\tCGO_ENABLED=1',
  '',
]

test("version, modules, settings and the plugin's own exported names are read", async () => {
  const symbols = [
    { name: 'example.com/a.b/hello%2ev2.Handler' },
    { name: 'example.com/a.b/hello%2ev2.Count' },
    { name: 'example.com/a.b/hello%2ev2.private' },
    { name: 'example.com/a.b/hello%2ev2.Thing.Method' },
    { name: 'example.com/a.b/hello%2ev2.Absent', isDefined: false },
    { name: 'github.com/x/y.Exported' },
    { name: 'malloc' },
  ]
  const sections = { '.go.buildinfo': buildInfo('go1.26.8', INFO), ...dynamic(symbols) }
  const binary = await read(sharedLibrary(sections))
  expect(binary?.elf).toEqual({ machine: 'x86_64', bits: 64, type: 'shared' })
  expect(binary?.goVersion).toBe('1.26.8')
  expect(binary?.path).toBe('example.com/a.b/hello.v2')
  expect(binary?.symbols).toEqual(['Count', 'Handler'])
  expect([...(binary?.modules ?? [])]).toEqual([
    ['github.com/x/y', 'v1.2.3'],
    ['github.com/old', 'github.com/new v2.0.0'],
  ])
  expect([...(binary?.sums ?? [])]).toEqual([
    ['github.com/x/y@v1.2.3', 'h1:abc='],
    ['github.com/new@v2.0.0', 'h1:def='],
  ])
  expect([...(binary?.settings ?? [])]).toEqual([
    ['-buildmode', 'plugin'],
    ['-ldflags', '"-X main.a=b"'],
    ['CGO_ENABLED', '1'],
  ])
})

test('a plugin that was compiled from a list of files has names of its own', async () => {
  const symbols = dynamic([{ name: 'plugin/unnamed-1a2b.Handler' }])
  const info = buildInfo('go1.26.8 X:nodwarf5', ['path\tcommand-line-arguments', ''])
  const binary = await read(sharedLibrary({ '.go.buildinfo': info, ...symbols }))
  expect(binary?.goVersion).toBe('1.26.8')
  expect(binary?.symbols).toEqual(['Handler'])
})

test('what Go did not make tells nothing, and text is no binary', async () => {
  expect(await read(sharedLibrary({ '.text': Buffer.alloc(8) }))).toMatchObject({
    goVersion: undefined,
  })
  expect(await read(Buffer.from('#!/bin/sh\n'))).toBeUndefined()
  expect(await read(Buffer.alloc(0))).toBeUndefined()
})

test.each([
  ['go1.26.8', '1.26.8'],
  ['go1.27rc1', '1.27rc1'],
  ['go1.26.8-vendor', '1.26.8'],
  ['go1.26/../../etc', undefined],
  ['go1.26.8+auto', undefined],
  ['devel go1.27-abc', undefined],
])('the version %s is read as %s', async (text, version) => {
  const binary = await read(sharedLibrary({ '.go.buildinfo': buildInfo(text, ['path\tx', '']) }))
  expect(binary?.goVersion).toBe(version)
})

test('endless names and a million symbols are read in a moment', async () => {
  const symbols = Buffer.alloc(24 * 1_000_000, 1)
  const sections = { '.dynsym': symbols, '.dynstr': Buffer.alloc(32 * 1024 * 1024, 'a.A') }
  const started = performance.now()
  expect((await read(sharedLibrary(sections)))?.symbols).toEqual([])
  expect(performance.now() - started).toBeLessThan(5000)
})

test('a link is not followed', async () => {
  await symlink('/bin/sh', join(folder, 'link'))
  await expect(readGoBinary(join(folder, 'link'))).rejects.toThrow('ELOOP')
})

test('a file cut or changed anywhere is read without an error', async () => {
  const symbols = dynamic([{ name: 'example.com/a.b/hello.v2.Handler' }])
  const whole = sharedLibrary({ '.go.buildinfo': buildInfo('go1.26.8', INFO), ...symbols })
  for (let length = 0; length < whole.length; length += 13) {
    const cut = await read(whole.subarray(0, length))
    expect(cut === undefined || cut.symbols.length <= 1).toBe(true)
  }
  for (let at = 4; at < whole.length; at += 5) {
    for (const value of [0, 0x7f, 0xff]) {
      const changed = Buffer.from(whole)
      changed[at] = value
      await expect(read(changed)).resolves.toBeDefined()
    }
  }
})
