import { expect, test } from 'vitest'
import { orderOf, type TestFile, treeOf } from '../../../../../../test/harness/subject.ts'
import { installedOnly } from './installed-only.ts'
import { realFolders } from './real-folders.ts'

const json = (value: object) => JSON.stringify(value)
const BERRY = { 'node_modules/.yarn-state.yml': '' }
const YARN = { 'node_modules/.yarn-integrity': '' }

async function left(files: Record<string, TestFile>, request = {}) {
  const tree = treeOf(files)
  const order = await orderOf({ runtime: 'nodejs', handler: 'index.handler', ...request })
  const placed = await installedOnly(realFolders(tree.files), tree, order)
  return placed
    .map(({ path }) => path)
    .filter((path) => path.endsWith('.js') || path.includes('.bin'))
}

test('what no dependency leads to is left out, with its launcher', async () => {
  const files = {
    'package.json': json({ dependencies: { a: '1' }, devDependencies: { dev: '1' } }),
    'node_modules/a/package.json': json({ dependencies: { b: '1' }, peerDependencies: { c: '1' } }),
    'node_modules/a/a.js': '',
    'node_modules/a/node_modules/b/package.json': json({
      optionalDependencies: { d: '1', no: '1' },
    }),
    'node_modules/a/node_modules/b/b.js': '',
    'node_modules/b/package.json': '{}',
    'node_modules/b/other.js': '',
    'node_modules/c/package.json': 'damaged',
    'node_modules/c/c.js': '',
    'node_modules/@s/d/package.json': json({ name: 'alias' }),
    'node_modules/d/package.json': '{}',
    'node_modules/d/d.js': '',
    'node_modules/dev/package.json': json({ dependencies: { b: '1' } }),
    'node_modules/dev/dev.js': '',
    'node_modules/.bin/a': { linkTarget: '../a/a.js' },
    'node_modules/a/node_modules/.bin/b': { linkTarget: '../b/b.js' },
    'node_modules/a/node_modules/.bin/other': { linkTarget: '../../../b/other.js' },
    'node_modules/.bin/dev': { linkTarget: '../dev/dev.js' },
  }
  expect(await left({ ...files, ...BERRY })).toEqual([
    'node_modules/a/a.js',
    'node_modules/a/node_modules/b/b.js',
    'node_modules/c/c.js',
    'node_modules/d/d.js',
    'node_modules/.bin/a',
    'node_modules/a/node_modules/.bin/b',
  ])
  // Without the note of such a package manager all was asked for.
  expect(await left(files)).toContain('node_modules/dev/dev.js')
})

test('a workspace brings what it needs itself', async () => {
  const files = {
    'package.json': json({ workspaces: ['packages/*'] }),
    'packages/own/package.json': json({ dependencies: { a: '1' }, devDependencies: { dev: '1' } }),
    'node_modules/own': { linkTarget: '../packages/own' },
    'node_modules/a/package.json': '{}',
    'node_modules/a/a.js': '',
    'node_modules/dev/package.json': '{}',
    'node_modules/dev/dev.js': '',
    'packages/own/own.js': '',
  }
  expect(await left({ ...files, ...BERRY })).toEqual(['node_modules/a/a.js', 'packages/own/own.js'])
})

test('native packages of another system, processor or libc go', async () => {
  const native = (fields: object) => ({ package: json(fields) })
  const all = {
    gnu: native({ os: ['linux'], cpu: ['x64'], libc: ['glibc'] }),
    musl: native({ os: ['linux'], cpu: ['x64'], libc: ['musl'] }),
    arm: native({ os: ['linux'], cpu: 'arm64' }),
    mac: native({ os: ['darwin'] }),
    notMac: native({ os: ['!darwin'] }),
    notLinux: native({ os: ['!linux'] }),
    any: native({ os: ['any'], cpu: [] }),
  }
  const files = Object.fromEntries(
    Object.entries(all).flatMap(([name, { package: text }]) => [
      [`node_modules/${name}/package.json`, text],
      [`node_modules/${name}/${name}.js`, ''],
    ]),
  )
  const names = async (request = {}) =>
    (await left({ ...files, ...YARN }, request)).map((path) => path.split('/')[1])
  expect((await names()).sort()).toEqual(['any', 'gnu', 'notMac'])
  expect((await names({ architecture: 'aarch64' })).sort()).toEqual(['any', 'arm', 'notMac'])
})
