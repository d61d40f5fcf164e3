import type { BuildRequestInput, SourcePin } from '@packline/shared'
import { expect, test } from 'vitest'
import { contextIn } from '../../../../test/harness/context.ts'
import { orderOf, type TestFile, treeOf } from '../../../../test/harness/subject.ts'
import { startJournal } from '../journal.ts'
import { chooseRuntime, detectRuntimes } from './choose.ts'

const context = await contextIn('')
const UPLOAD = { kind: 'upload', upload: 'a'.repeat(64) } as const
const INLINE = { kind: 'inline', files: { a: '' } } as const
const GIT = { kind: 'git', url: 'https://example.com/a.git' } as const

type Request = Partial<BuildRequestInput>
const NODE = { runtime: 'nodejs', handler: 'index.handler' } as const
const PYTHON = { runtime: 'python', handler: 'index.handler' } as const
const JAVA = { runtime: 'java', handler: 'com.example.Hello.handle' } as const
const GO = { runtime: 'go', handler: 'hello.Handler' } as const
const CUSTOM = { runtime: 'custom', handler: 'any' } as const

async function chosen(
  files: Record<string, TestFile>,
  request: Request & Pick<BuildRequestInput, 'runtime'>,
  pin?: SourcePin,
) {
  const order = await orderOf({ source: UPLOAD, ...request })
  const journal = { ...startJournal(), pin }
  const { as, unwrapped, tree } = await chooseRuntime(treeOf(files), order, context, journal)
  return {
    as,
    because: journal.as?.because.en,
    unwrapped,
    paths: tree.files.map(({ path }) => path),
  }
}

const DECLARES = '{"dependencies":{"ms":"2.1.3"}}'
const SCRIPT = { bytes: Buffer.from('#!/bin/sh\n'), executable: true }

test.each<[string, Record<string, TestFile>, Parameters<typeof chosen>[1], 'source' | 'package']>([
  ['Node.js without dependencies', { 'index.js': '' }, NODE, 'package'],
  ['Node.js that declares some', { 'index.js': '', 'package.json': DECLARES }, NODE, 'source'],
  [
    'Node.js that holds them',
    { 'index.js': '', 'package.json': DECLARES, 'node_modules/ms/index.js': '' },
    NODE,
    'package',
  ],
  [
    'Node.js that is to be bundled',
    { 'index.js': '' },
    { ...NODE, build: { bundle: true } },
    'source',
  ],
  ['Node.js whose package.json is broken', { 'index.js': '', 'package.json': '{' }, NODE, 'source'],
  ['Python without dependencies', { 'index.py': '' }, PYTHON, 'package'],
  ['Python that declares some', { 'index.py': '', 'requirements.txt': 'six' }, PYTHON, 'source'],
  ['Python that declares none', { 'index.py': '', 'requirements.txt': '# no' }, PYTHON, 'package'],
  [
    'Python with a native module',
    { 'index.py': '', 'requirements.txt': 'six', 'a.so': '' },
    PYTHON,
    'package',
  ],
  ['Java sources', { 'src/com/example/Hello.java': '' }, JAVA, 'source'],
  ['a jar', { 'META-INF/MANIFEST.MF': '', 'com/example/Hello.class': '' }, JAVA, 'package'],
  ['jars at the root', { 'hello.jar': '', 'lib.jar': '' }, JAVA, 'package'],
  ['Go code', { 'main.go': 'package main' }, GO, 'source'],
  ['a Go plugin', { 'hello.so': '' }, GO, 'package'],
  ['a custom runtime', { bootstrap: SCRIPT }, CUSTOM, 'package'],
])('an upload of %s', async (_what, files, request, as) => {
  expect((await chosen(files, request)).as).toBe(as)
})

test('what came inline or by git is source, and what the request says goes before all', async () => {
  const files = { 'index.js': '' }
  expect((await chosen(files, { ...NODE, source: INLINE })).as).toBe('source')
  expect((await chosen(files, { ...NODE, source: GIT })).as).toBe('source')
  // A ZIP that was uploaded may have been unpacked for editing.
  expect((await chosen(files, { ...NODE, source: { kind: 'draft' } })).as).toBe('package')
  const says = await chosen(files, { ...NODE, source: { ...INLINE, as: 'package' } })
  expect(says).toMatchObject({ as: 'package', because: 'the request' })
  const declares = { ...files, 'package.json': DECLARES }
  const finished = await chosen(declares, { ...NODE, source: { ...UPLOAD, as: 'package' } })
  expect(finished).toMatchObject({ as: 'package', because: 'the request' })
})

test('an archive from an address or a store may be finished, a tar.gz never is', async () => {
  const files = { 'index.js': '' }
  const url = { kind: 'url', url: 'https://example.com/a', sha256: null } as const
  const object = { kind: 'object', address: 's3://code/a.zip' } as const
  const finished = { as: 'package', because: 'it declares no dependencies' }
  expect(await chosen(files, { ...NODE, source: object })).toMatchObject(finished)
  expect(await chosen(files, { ...NODE, source: url })).toMatchObject(finished)
  const pinOf = (format: 'zip' | 'tar.gz') =>
    ({ kind: 'url', url: url.url, format, sha256: 'a', size: 1 }) as const
  expect(await chosen(files, { ...NODE, source: url }, pinOf('zip'))).toMatchObject(finished)
  expect(await chosen(files, { ...NODE, source: url }, pinOf('tar.gz'))).toMatchObject({
    as: 'source',
    because: 'it is a tar.gz',
  })
  const said = { ...NODE, source: { ...url, as: 'package' } } as const
  expect((await chosen(files, said, pinOf('tar.gz'))).as).toBe('package')
})

const WRAPPED = { 'app/index.js': '', 'app/lib/a.js': '' }

test('a wrapping folder is taken off a source, and off a package when the request says so', async () => {
  const off = { unwrapped: 'app', paths: ['index.js', 'lib/a.js'] }
  const on = { unwrapped: undefined, paths: ['app/index.js', 'app/lib/a.js'] }
  expect(await chosen(WRAPPED, { ...NODE, source: INLINE })).toMatchObject(off)
  expect(await chosen(WRAPPED, { ...NODE, source: GIT })).toMatchObject(off)
  const declares = { ...WRAPPED, 'app/package.json': DECLARES }
  expect(await chosen(declares, NODE)).toMatchObject({ as: 'source', unwrapped: 'app' })
  expect(await chosen(WRAPPED, NODE)).toMatchObject({ as: 'package', ...on })
  expect(await chosen(WRAPPED, { ...NODE, build: { unwrap: true } })).toMatchObject(off)
  const kept = { ...NODE, source: INLINE, build: { unwrap: false } }
  expect(await chosen(WRAPPED, kept)).toMatchObject(on)
})

test('a folder that the handler or the language itself wants is no wrapping folder', async () => {
  const inFolder = { ...NODE, handler: 'app/index.handler', source: INLINE }
  expect((await chosen(WRAPPED, inFolder)).unwrapped).toBeUndefined()
  const java = { 'src/main/java/com/example/Hello.java': '' }
  expect((await chosen(java, { ...JAVA, source: INLINE })).unwrapped).toBeUndefined()
  const packages = { 'com/example/Hello.java': '' }
  expect((await chosen(packages, { ...JAVA, source: INLINE })).unwrapped).toBeUndefined()
})

test('projects of every language come out of their wrapping folder', async () => {
  const cases = [
    [{ 'app/index.py': '', 'app/requirements.txt': 'six' }, PYTHON],
    [{ 'app/pom.xml': '', 'app/src/main/java/com/example/Hello.java': '' }, JAVA],
    [{ 'app/go.mod': 'module a', 'app/main.go': 'package main' }, GO],
    [{ 'app/bootstrap': SCRIPT, 'app/a.txt': '' }, CUSTOM],
  ] as const
  for (const [files, request] of cases) {
    expect(await chosen(files, { ...request, source: INLINE })).toMatchObject({ unwrapped: 'app' })
  }
})

test('a folder beside a file, or one that holds nothing to start, stays', async () => {
  const beside = { ...WRAPPED, 'README.md': '' }
  expect((await chosen(beside, { ...NODE, source: INLINE })).unwrapped).toBeUndefined()
  const other = { 'app/main.js': '' }
  expect((await chosen(other, { ...NODE, source: INLINE })).unwrapped).toBeUndefined()
})

test('every runtime that a tree could be of is told with its reason', async () => {
  const found = async (files: Record<string, TestFile>) =>
    (await detectRuntimes(treeOf(files))).map(
      ({ runtime, detection }) => `${runtime.id}: ${detection.because}`,
    )
  expect(await found({ 'index.js': '' })).toEqual(['nodejs: index.js'])
  expect(await found({ 'go.mod': 'module a', 'main.go': '' })).toEqual(['go: go.mod'])
  expect(await found({ bootstrap: SCRIPT, 'server.py': '' })).toEqual([
    'python: server.py',
    'custom: bootstrap',
  ])
  expect(await found({ 'README.md': '' })).toEqual([])
})

test('a source starts without what no build needs; a finished package is as it was', async () => {
  const files = { 'index.js': '', '.git/HEAD': '', '.packlineignore': 'docs/', 'docs/a.md': '' }
  const paths = async (as: 'source' | 'package') =>
    (await chosen(files, { ...NODE, source: { ...UPLOAD, as } })).paths
  expect(await paths('source')).toEqual(['index.js'])
  expect(await paths('package')).toEqual(Object.keys(files).sort())
  const build = { include: ['docs/a.md'] }
  const kept = await chosen(files, { ...NODE, source: { ...UPLOAD, as: 'source' }, build })
  expect(kept.paths).toEqual(['docs/a.md', 'index.js'])
})

test('the ignore file counts from inside the wrapping folder', async () => {
  const files = { 'app/index.js': '', 'app/.packlineignore': '/a.md', 'app/a.md': '' }
  expect((await chosen(files, { ...NODE, source: INLINE })).paths).toEqual(['index.js'])
})
