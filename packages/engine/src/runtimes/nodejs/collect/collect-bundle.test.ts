import { expect, test } from 'vitest'
import { orderOf, type TestFile, treeOf } from '../../../../../../test/harness/subject.ts'
import { collect } from '../collect.ts'

const SOURCE = {
  'package.json': '{"type":"module"}',
  'package-lock.json': '{}',
  'tsconfig.build.json': '{}',
  'src/index.ts': '',
  'src/unused.ts': '',
  'src/data.json': '{}',
  'templates/mail.html': '',
  'templates/words.json': '{}',
  bootstrap: '',
  '.npmrc': '',
  'node_modules/native/package.json': '{"dependencies":{"needed":"1"}}',
  'node_modules/native/index.js': '',
  'node_modules/needed/package.json': '{}',
  'node_modules/needed/index.js.map': '',
  'node_modules/bundled/package.json': '{}',
  'node_modules/bundled/index.js': '',
  'node_modules/.bin/native': { linkTarget: '../native/index.js' },
  'node_modules/.bin/bundled': { linkTarget: '../bundled/index.js' },
}

async function collected(output: Record<string, TestFile>, format: 'cjs' | 'esm') {
  const note = {
    format,
    inputs: ['src/index.ts', 'src/data.json', 'node_modules/bundled/index.js'],
    packages: [{ name: 'native', folder: 'node_modules/native' }],
  }
  const made = treeOf({ ...output, 'packline-bundle.json': JSON.stringify(note) })
  const request = { runtime: 'nodejs', type: 'http', build: { bundle: true } } as const
  const { entries } = await collect(treeOf(SOURCE), made, await orderOf(request))
  return entries
}

test('the bundle, what stayed outside with what it needs, and what is no code go in', async () => {
  const entries = await collected({ 'server.js': '', 'server.js.map': '' }, 'cjs')
  expect(entries.map(({ path, executable }) => (executable ? `${path} *` : path))).toEqual([
    'server.js',
    'server.js.map',
    'bootstrap *',
    'node_modules/native/index.js',
    'node_modules/native/package.json',
    'node_modules/needed/index.js.map',
    'node_modules/needed/package.json',
    'templates/mail.html',
    'templates/words.json',
    'node_modules/.bin/native',
  ])
})

test('a bundle of modules says so, unless its name does', async () => {
  const entries = await collected({ 'index.js': '' }, 'esm')
  const manifest = entries.find(({ path }) => path === 'package.json')
  expect(String(manifest?.content)).toBe('{"type":"module"}\n')
  const named = await collected({ 'index.mjs': '' }, 'esm')
  expect(named.some(({ path }) => path === 'package.json')).toBe(false)
})
