import { expect, test } from 'vitest'
import { orderOf, subjectOf, type TestFile } from '../../../../../test/harness/subject.ts'
import { components } from './components.ts'

async function found(files: Record<string, TestFile>) {
  const order = await orderOf({ runtime: 'nodejs', handler: 'index.handler' })
  return components(await subjectOf(order, files))
}

test('every installed package is told, with scope, license and the digest of the lock file', async () => {
  const digest = Buffer.alloc(64, 7)
  const integrity = `sha512-${digest.toString('base64')}`
  const files = {
    'package.json': '{"name":"own","version":"1.0.0"}',
    'package-lock.json': JSON.stringify({
      packages: {
        'node_modules/ms': { version: '2.1.3', integrity },
        'node_modules/@a/b': { version: '1.0.0' },
      },
    }),
    'node_modules/ms/package.json': '{"name":"ms","version":"2.1.3","license":"MIT"}',
    'node_modules/@a/b/package.json':
      '{"name":"@a/b","version":"1.0.0","licenses":[{"type":"BSD"}]}',
    'node_modules/@a/b/lib/package.json': '{"type":"module"}',
  }
  expect(await found(files)).toMatchObject([
    { purl: 'pkg:npm/%40a/b@1.0.0', group: '@a', name: 'b', licenses: ['BSD'], hashes: undefined },
    {
      purl: 'pkg:npm/ms@2.1.3',
      licenses: ['MIT'],
      hashes: [{ algorithm: 'SHA-512', content: digest.toString('hex') }],
    },
  ])
})

test.each([
  ['no JSON', '{'],
  ['no name', '{"version":"1.0.0"}'],
  ['a name that is none', '{"name":7,"version":"1.0.0"}'],
])('a package.json with %s is passed over', async (_what, text) => {
  expect(await found({ 'node_modules/a/package.json': text })).toEqual([])
})

test('licenses that are none are left out', async () => {
  const text = '{"name":"a","version":"1.0.0","license":{"url":"x"},"licenses":7}'
  expect(await found({ 'node_modules/a/package.json': text })).toMatchObject([{ licenses: [] }])
})
