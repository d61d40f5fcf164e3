import { expect, test } from 'vitest'
import { orderOf, subjectOf } from '../../../../test/harness/subject.ts'
import { nodejs } from '../runtimes/nodejs/index.ts'
import { entryAtRoot } from './entry-at-root.ts'

async function said(files: Record<string, string>, request = {}) {
  const order = await orderOf({ runtime: 'nodejs', handler: 'index.handler', ...request })
  return entryAtRoot.check(await subjectOf(order, files), nodejs)
}

test('an entry file at the root, with any extension of the runtime, is silent', async () => {
  expect(await said({ 'index.js': '' })).toEqual([])
  expect(await said({ 'index.mjs': '', 'lib/a.js': '' })).toEqual([])
})

test('a folder that wraps everything is named, with how to take it off', async () => {
  const [finding, ...more] = await said({ 'app/index.js': '', 'app/lib/a.js': '' })
  expect(more).toEqual([])
  expect(finding).toMatchObject({ level: 'error', path: 'app/index.js' })
  expect(finding?.message).toContain('folder "app"')
  expect(finding?.hint).toContain('build.unwrap')
})

test('a missing entry file says what was expected and what is there', async () => {
  const [finding] = await said({ 'main.js': '', 'README.md': '' })
  expect(finding?.level).toBe('error')
  expect(finding?.message).toBe(
    'expected index.js or index.mjs or index.cjs at the root, found README.md, main.js',
  )
})

test('an entry file that stands elsewhere is pointed at', async () => {
  const [finding] = await said({ 'src/index.js': '', 'README.md': '' })
  expect(finding?.hint).toContain('src/index.js')
})

test('an entry file of a project inside a workspace is built by naming that project', async () => {
  const projects = { 'packages/a/index.js': '', 'packages/a/package.json': '{}' }
  const [finding] = await said({ 'package.json': '{}', ...projects })
  expect(finding?.hint).toContain('set build.module to "packages/a"')
  expect(finding?.zh.hint).toContain('把 build.module 设为 "packages/a"')
})

test('a library’s file of the name is none, and no folder wraps what lies beside libraries', async () => {
  const [finding] = await said({ 'node_modules/ms/index.js': '', 'lib/src/index.js': '' })
  expect(finding?.hint).toContain('lib/src/index.js has the name')
  const [nearest] = await said({ 'a/b/index.js': '', 'src/index.js': '', 'x.js': '' })
  expect(nearest?.hint).toContain('src/index.js has the name')
  const [none] = await said({ 'node_modules/ms/index.js': '', 'package.json': '' })
  expect(none?.hint).toBe('Name the file in the handler as it is called, or add it to the source.')
})

test('a handler that names a folder has the level of the profile', async () => {
  const [finding] = await said({ 'src/index.js': '' }, { handler: 'src/index.handler' })
  expect(finding).toMatchObject({ level: 'warning', path: 'src/index.js' })
})

test('an HTTP function needs bootstrap at the root', async () => {
  const [finding] = await said({ 'server.js': '' }, { type: 'http', handler: undefined })
  expect(finding?.message).toContain('expected bootstrap at the root')
})
