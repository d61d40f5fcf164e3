import { expect, test } from 'vitest'
import { orderOf, subjectOf, type TestFile } from '../../../../../../test/harness/subject.ts'
import { nodeResolve } from './node-resolve.ts'
import { startedFiles } from './started-files.ts'

type Files = Record<string, TestFile>

async function lacking(files: Files, request = {}, attached: Files = {}) {
  const order = await orderOf({ runtime: 'nodejs', handler: 'index.handler', ...request })
  const libraries = (await subjectOf(order, attached)).package
  const dependencies = [{ name: 'libraries', revision: 1, ...libraries }]
  const subject = { ...(await subjectOf(order, files)), dependencies }
  const found = await nodeResolve(subject, await startedFiles(subject))
  return found.map(({ path, line, message }) => `${path}:${line} ${/"(.+?)"/.exec(message)?.[1]}`)
}
const asks = (name: string, files: Record<string, TestFile> = {}, request = {}) =>
  lacking({ 'index.js': `require('${name}')`, ...files }, request)
const asksAsModule = (name: string, files: Record<string, TestFile> = {}) =>
  lacking({ 'index.mjs': `import '${name}'`, ...files })

test('a name that nothing answers is told once for each file, with its first line', async () => {
  const files = {
    'index.js': "\nrequire('ms')\nrequire('ms/index')\nrequire('ms')\nrequire('./lib')",
    'lib/index.js': "exports.x = require('ms')",
  }
  expect(await lacking(files)).toEqual([
    'index.js:2 ms',
    'index.js:3 ms/index',
    'lib/index.js:1 ms',
  ])
})

test('only what the platform starts is followed, along relative imports', async () => {
  const files = {
    'index.js': "import('./a.mjs')\nrequire('../out')\nrequire('./data.json')\nrequire('dep')",
    'a.mjs': "export * from './lib/b.js'",
    'lib/b.js': "require('../index')\nrequire('b')",
    'jest.config.js': "require('jest')",
    'data.json': '{}',
    'node_modules/dep/index.js': "require('peer')",
  }
  expect(await lacking(files)).toEqual(['lib/b.js:2 b'])
})

test('packages are found as Node.js finds them', async () => {
  const ms = { 'node_modules/ms/package.json': '{"main":"./lib"}', 'node_modules/ms/lib.js': '' }
  expect(await asks('ms', ms)).toEqual([])
  expect(await asks('ms/lib', ms)).toEqual([])
  expect(await asks('ms/package.json', ms)).toEqual([])
  expect(await asks('ms/gone', ms)).toEqual(['index.js:1 ms/gone'])
  expect(await asks('ms', { 'node_modules/ms/package.json': '{"main":"gone"}' })).toHaveLength(1)
  expect(await asks('ms', { 'node_modules/ms/index.json': '{}' })).toEqual([])
  expect(await asks('ms', { 'node_modules/ms.js': '' })).toEqual([])
  expect(await asks('ms', { 'node_modules/ms/package.json': 'damaged' })).toEqual([])
  expect(await asks('@a/b', { 'node_modules/@a/b/index.js': '' })).toEqual([])
  expect(await asks('@a/b', { 'node_modules/@a/c/index.js': '' })).toHaveLength(1)
})

test('"exports" says what a package gives, for import and require apart', async () => {
  const exports = {
    '.': { import: './a.mjs', require: './a.cjs' },
    './only': { import: './only.mjs' },
    './feature/*': './src/*.js',
    './feature/inner/*': null,
  }
  const files = { 'node_modules/a/package.json': JSON.stringify({ name: 'a', exports }) }
  expect(await asks('a', files)).toEqual([])
  expect(await asksAsModule('a/only', files)).toEqual([])
  expect(await asks('a/only', files)).toEqual(['index.js:1 a/only'])
  expect(await asks('a/feature/x', files)).toEqual([])
  expect(await asks('a/feature/inner/x', files)).toHaveLength(1)
  expect(await asks('a/package.json', files)).toHaveLength(1)
})

test('every node_modules from the file upwards is looked at, and none beside', async () => {
  const files = {
    'src/index.js': "require('a')\nrequire('b')\nrequire('b/x')\nrequire('b/y')\nrequire('c')",
    'src/node_modules/a/index.js': '',
    'src/node_modules/b/index.js': '',
    'node_modules/b/x.js': '',
    'lib/node_modules/c/index.js': '',
  }
  expect(await lacking(files, { handler: 'src/index.handler' })).toEqual([
    'src/index.js:4 b/y',
    'src/index.js:5 c',
  ])
})

test.each([
  ['fs', '6.10', true],
  ['worker_threads', '10.16', false],
  ['worker_threads', '12.13', true],
  ['fs/promises', '12.13', false],
  ['fs/promises', '14.18', true],
  ['node:fs', '12.13', false],
  ['node:fs', '14.18', true],
  ['node:test', '16.17', true],
  ['test', '20.15', false],
  ['node:sqlite', '20.15', false],
  ['node:no-such', '20.15', false],
])('%s of Node.js %s: %s', async (name, version, isThere) => {
  expect(await asks(name, {}, { version })).toHaveLength(isThere ? 0 : 1)
})

test('what the platform has, what is attached, addresses and paths are not told', async () => {
  expect(await asks('lodash/fp')).toEqual([])
  const files = { 'index.js': "require('ms')\nrequire('@a/b/c')" }
  const attached = { 'node_modules/ms/index.js': '', 'node_modules/@a/b/package.json': '{}' }
  expect(await lacking(files, {}, attached)).toEqual([])
  for (const name of [
    './gone',
    '../gone',
    '/opt/x',
    '#own',
    'data:text/javascript,1',
    'file:///x',
  ]) {
    expect(await asksAsModule(name)).toEqual([])
  }
})

test('package.json says what may be missing, and what is itself', async () => {
  const manifest = { name: 'own', optionalDependencies: { fast: '1' } }
  const files = { 'package.json': JSON.stringify(manifest) }
  expect(await asks('fast/x', files)).toEqual([])
  expect(await asks('own/lib', files)).toEqual([])
  expect(await asks('other', { 'package.json': '[' })).toHaveLength(1)
})

test('of a dependency of development the hint says where it stands', async () => {
  const order = await orderOf({ runtime: 'nodejs', handler: 'index.handler' })
  const manifest = JSON.stringify({ devDependencies: { '@a/b': '1' } })
  const files = { 'index.js': "require('@a/b/c')", 'package.json': manifest }
  const [finding] = await nodeResolve(await subjectOf(order, files), ['index.js'])
  expect(finding).toMatchObject({
    level: 'warning',
    hint: expect.stringContaining('devDependencies'),
  })
})

test('HTTP functions begin with the files that bootstrap names', async () => {
  const http = { type: 'http', handler: undefined }
  const files = {
    bootstrap:
      '#!/bin/sh\ncd /opt/function/code\nexec node --max-http-header-size=9 ./src/server.mjs\n',
    'src/server.mjs': "import 'ms'",
    'other.js': "require('b')",
  }
  expect(await lacking(files, http)).toEqual(['src/server.mjs:1 ms'])
  expect(await lacking({ bootstrap: Buffer.from('\x7fELF other.js') }, http)).toEqual([])
})

test('files that are very large are not looked at', async () => {
  expect(await asks('ms', { 'index.js': `require('ms')\n//${' '.repeat(2 ** 20)}` })).toEqual([])
})
