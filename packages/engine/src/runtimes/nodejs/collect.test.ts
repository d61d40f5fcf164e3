import { expect, test } from 'vitest'
import { orderOf, treeOf } from '../../../../../test/harness/subject.ts'
import { collect } from './collect.ts'

const NONE = treeOf({})

async function collected(files: Record<string, string>, type: 'event' | 'http' = 'event') {
  const handler = type === 'http' ? undefined : 'index.handler'
  const order = await orderOf({ runtime: 'nodejs', type, handler })
  const made = await collect(treeOf(files), NONE, order)
  expect(made.format).toBe('zip')
  return made.entries.map(({ path, executable }) => (executable ? `${path} *` : path))
}

test('the source goes in as it stands, with all that was installed', async () => {
  const files = {
    'index.js': '',
    'package.json': '{}',
    'package-lock.json': '{}',
    'lib/data.json': '',
    'node_modules/ms/index.js': '',
    'node_modules/ms/.eslintrc': '',
    'node_modules/.bin/ms': '',
  }
  expect(await collected(files)).toEqual(Object.keys(files).sort())
})

test('tokens, and what differs from one install to the next, stay out', async () => {
  const files = {
    'index.js': '',
    '.npmrc': '//registry.example/:_authToken=secret',
    '.yarnrc': 'registry "https://registry.example"',
    '.yarnrc.yml': 'npmAuthToken: secret',
    '.yarn/releases/yarn-4.0.0.cjs': '',
    '.pnp.cjs': '',
    'node_modules/.modules.yaml': '',
    'node_modules/.pnpm/lock.yaml': '',
    'node_modules/.package-map.json': '{}',
    'node_modules/.pnpm-workspace-state-v1.json': '{}',
    'packages/a/.npmrc': '',
    'node_modules/.package-lock.json': '{}',
    'packages/a/node_modules/.package-lock.json': '{}',
  }
  expect(await collected(files)).toEqual(['index.js'])
})

test('bootstrap of an HTTP function is executable, whatever it came as', async () => {
  const files = { bootstrap: '#!/bin/sh\n', 'server.js': '' }
  expect(await collected(files, 'http')).toEqual(['bootstrap *', 'server.js'])
  expect(await collected(files)).toEqual(['bootstrap', 'server.js'])
})
