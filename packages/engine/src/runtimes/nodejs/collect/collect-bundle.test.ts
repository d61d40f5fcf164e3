import { expect, test } from 'vitest'
import { orderOf, type TestFile, treeOf } from '../../../../../../test/harness/subject.ts'
import { collect } from '../collect.ts'

const SOURCE = {
  'package.json': '{"type":"module"}',
  'package-lock.json': JSON.stringify({
    packages: {
      'node_modules/bundled': {
        version: '1.0.0',
        integrity: `sha512-${Buffer.alloc(64).toString('base64')}`,
      },
    },
  }),
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
  'node_modules/bundled/package.json': '{"name":"bundled","version":"1.0.0","license":"MIT"}',
  'node_modules/bundled/index.js': '',
  'node_modules/linked/package.json': { linkTarget: '../bundled/package.json' },
  'node_modules/.bin/native': { linkTarget: '../native/index.js' },
  'node_modules/.bin/bundled': { linkTarget: '../bundled/index.js' },
}

async function collected(output: Record<string, TestFile>, format: 'cjs' | 'esm') {
  const note = {
    format,
    inputs: ['src/index.ts', 'src/data.json', 'node_modules/bundled/index.js'],
    packages: [{ name: 'native', folder: 'node_modules/native' }],
    bundled: ['node_modules/bundled', 'node_modules/linked', 'node_modules/gone'],
  }
  const made = treeOf({ ...output, 'packline-bundle.json': JSON.stringify(note) })
  const request = { runtime: 'nodejs', type: 'http', build: { bundle: true } } as const
  return collect(treeOf(SOURCE), made, await orderOf(request))
}

test('the bundle, what stayed outside with what it needs, and what is no code go in, but no map', async () => {
  const { entries, sourceMap } = await collected(
    { 'server.js': '', 'server.js.map': '{"version":3}' },
    'cjs',
  )
  expect(entries.map(({ path, executable }) => (executable ? `${path} *` : path))).toEqual([
    'server.js',
    'bootstrap *',
    'node_modules/native/index.js',
    'node_modules/native/package.json',
    'node_modules/needed/index.js.map',
    'node_modules/needed/package.json',
    'templates/mail.html',
    'templates/words.json',
    'node_modules/.bin/native',
  ])
  expect(String(sourceMap)).toBe('{"version":3}')
})

test('a bundle of modules says so, unless its name does', async () => {
  const { entries, sourceMap } = await collected({ 'index.js': '' }, 'esm')
  expect(sourceMap).toBeUndefined()
  const manifest = entries.find(({ path }) => path === 'package.json')
  expect(String(manifest?.content)).toBe('{"type":"module"}\n')
  const named = await collected({ 'index.mjs': '' }, 'esm')
  expect(named.entries.some(({ path }) => path === 'package.json')).toBe(false)
})

test('the packages whose code is in the bundle are told, by their own files and the lock file', async () => {
  const { bundled } = await collected({ 'index.js': '' }, 'cjs')
  expect(bundled).toMatchObject([
    {
      purl: 'pkg:npm/bundled@1.0.0',
      licenses: ['MIT'],
      hashes: [{ algorithm: 'SHA-512', content: '00'.repeat(64) }],
    },
  ])
})
