import { expect, test } from 'vitest'
import { orderOf, treeOf } from '../../../../../../test/harness/subject.ts'
import { bundleEntry } from './entry.ts'

async function entryOf(files: Record<string, string>, request = {}, manifest = {}) {
  const order = await orderOf({ runtime: 'nodejs', handler: 'index.handler', ...request })
  return bundleEntry(treeOf(files), manifest, order)
}

test('it is the handler’s file, at the root or in src, TypeScript first', async () => {
  const cjs = { output: 'index.js', format: 'cjs' }
  expect(await entryOf({ 'index.js': '' })).toEqual({ source: 'index.js', ...cjs })
  expect(await entryOf({ 'index.js': '', 'index.ts': '' })).toEqual({ source: 'index.ts', ...cjs })
  expect(await entryOf({ 'src/index.tsx': '' })).toEqual({ source: 'src/index.tsx', ...cjs })
  expect(await entryOf({ 'src/a.ts': '' }, { handler: 'src/a.handler' })).toMatchObject({
    output: 'src/a.js',
  })
})

test('the kind of module is the one that Node.js would take it for', async () => {
  const module = { 'package.json': '{"type":"module"}' }
  expect(await entryOf({ 'index.mts': '' })).toMatchObject({ output: 'index.mjs', format: 'esm' })
  expect(await entryOf({ 'index.ts': '', ...module })).toMatchObject({
    output: 'index.js',
    format: 'esm',
  })
  expect(await entryOf({ 'index.cts': '', ...module })).toMatchObject({
    output: 'index.cjs',
    format: 'cjs',
  })
  const nearer = { 'src/index.ts': '', 'src/package.json': '{}', ...module }
  expect(await entryOf(nearer)).toMatchObject({ format: 'cjs' })
  expect(await entryOf({ 'index.mjs': '' }, { version: '10.16' })).toMatchObject({ format: 'cjs' })
  await expect(entryOf({ 'index.ts': '', 'package.json': '{' })).rejects.toMatchObject({
    code: 'MANIFEST_INVALID',
  })
})

test('HTTP functions begin with "main", or with index', async () => {
  const http = { type: 'http', handler: undefined }
  expect(await entryOf({ 'src/server.ts': '' }, http, { main: './server.js' })).toMatchObject({
    source: 'src/server.ts',
    output: 'server.js',
  })
  expect(await entryOf({ 'index.js': '' }, http)).toMatchObject({ output: 'index.js' })
})

test('a file that is not there is told with what was looked for', async () => {
  await expect(entryOf({ 'main.ts': '' })).rejects.toMatchObject({
    code: 'ENTRY_MISSING',
    message: expect.stringContaining('index.ts'),
  })
})
