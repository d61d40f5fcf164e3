import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { openArchive } from '@packline/archive'
import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Crafted, craftZip } from '../../packages/archive/src/test/craft-zip.ts'
import { type TestEngine, testEngine } from '../harness/engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await testEngine()
})
afterAll(() => engine.close())

const CODE = Buffer.from('exports.handler = async () => 1\n')
const limits = { entriesMax: 100, unpackedBytesMax: 1024 * 1024, ratioMax: 1000 }

async function built(entries: Crafted[], build: BuildRequestInput['build'] = {}) {
  const bytes = craftZip(entries)
  const upload = createHash('sha256').update(bytes).digest('hex')
  const { outcome, path } = await engine.build(
    {
      function: 'finished',
      runtime: 'nodejs',
      handler: 'index.handler',
      source: { kind: 'upload', upload, as: 'package' },
      build: { load: false, ...build },
    },
    { uploads: { [upload]: bytes } },
  )
  const made = path === undefined ? undefined : await readFile(path)
  return { outcome, bytes, made, upload }
}

async function modesOf(bytes: Buffer): Promise<[string, number | undefined][]> {
  const { entries } = await openArchive({ bytes }, { limits })
  return entries.map(({ path, mode }) => [path, mode])
}

test('a finished package with plain modes passes through byte for byte', async () => {
  const entries = [
    { name: 'index.js', content: CODE, mode: 0o100644 },
    { name: 'tool.sh', content: '#!/bin/sh\n', mode: 0o100755 },
  ]
  const { outcome, bytes, made } = await built(entries)
  expect(outcome.status).toBe('succeeded')
  expect(made?.equals(bytes)).toBe(true)
  expect(outcome.report.mended).toEqual([])
})

test('modes that were not written are left to who unpacks', async () => {
  const { bytes, made } = await built([{ name: 'index.js', content: CODE, system: 0 }])
  expect(made?.equals(bytes)).toBe(true)
})

test('other modes are normalised, and the report says so', async () => {
  const { outcome, made } = await built([
    { name: 'index.js', content: CODE, mode: 0o100600 },
    { name: 'tool', content: '#!/bin/sh\n', mode: 0o104755 },
  ])
  expect(outcome.report.mended).toEqual(['modes set to 0644 and 0755'])
  expect(await modesOf(made ?? Buffer.alloc(0))).toEqual([
    ['index.js', 0o644],
    ['tool', 0o755],
  ])
})

test('names of Chinese Windows are read as the request says, and written as UTF-8', async () => {
  const name = Buffer.from('d6d0cec42e747874', 'hex')
  const entries = [
    { name: 'index.js', content: CODE },
    { name, content: 'x' },
  ]
  const refused = await built(entries)
  expect(refused.outcome).toMatchObject({ status: 'failed', failure: { code: 'ARCHIVE_REFUSED' } })
  const { outcome, made } = await built(entries, { entryNameEncoding: 'gb18030' })
  expect(outcome.status).toBe('succeeded')
  expect(outcome.report.mended[0]).toContain('gb18030')
  expect((await modesOf(made ?? Buffer.alloc(0))).map(([path]) => path)).toEqual([
    'index.js',
    '中文.txt',
  ])
})

test('the same files as source and as package have different build keys', async () => {
  const files = { 'index.js': CODE.toString() }
  const source = { kind: 'inline' as const, files }
  const request = { function: 'keys', runtime: 'nodejs' as const, handler: 'index.handler' }
  const keys = await Promise.all(
    (['source', 'package'] as const).map(async (as) => {
      const { outcome } = await engine.build({ ...request, source: { ...source, as } })
      return outcome.report.buildKey
    }),
  )
  expect(new Set(keys).size).toBe(2)
})
