import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeZip } from '@packline/archive'
import { loadProfile } from '@packline/profiles'
import type { BuildRequestInput } from '@packline/shared'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestEngine, testEngine } from '../harness/engine.ts'
import { has, needs } from '../harness/needs.ts'
import { type TestFile, treeOf } from '../harness/subject.ts'

const SOURCE = `package main

import "C"

//export Twice
func Twice(n int) int { return 2 * n }

func Handler(payload []byte, ctx interface{}) (interface{}, error) { return Twice(21), nil }

func main() {}
`

let engine: TestEngine
let folder: string
/** What `go build` makes of the source, by the flags that it is given. */
let plugin: Buffer
beforeAll(async () => {
  if (!has('go') || !has('compiler')) return
  const profile = await loadProfile('ctyun-functiongraph')
  // As new as any compiler here wants: what target-libc says of an older one, fixtures show.
  engine = await testEngine({
    profile: { ...profile, glibc: { version: '2.38', level: 'warning' } },
  })
  folder = await mkdtemp(join(tmpdir(), 'packline-finished-'))
  await writeFile(join(folder, 'hello.go'), SOURCE)
  plugin = await compiled('-trimpath', '-buildmode=plugin')
}, 300_000)
afterAll(async () => {
  await engine?.close()
  if (folder) await rm(folder, { recursive: true, force: true })
})
beforeEach((context) => needs(context, 'go', 'compiler'))

/** From a file as the platform's guide does it: no module, no folder of one. */
async function compiled(...flags: string[]): Promise<Buffer> {
  const cache = join(engine.cacheFolder, 'finished')
  const env = { ...process.env, GOCACHE: cache, GOFLAGS: '', GO111MODULE: 'off', CGO_ENABLED: '1' }
  const argv = ['build', ...flags, '-o', 'out', 'hello.go']
  execFileSync('go', argv, { cwd: folder, env, stdio: 'pipe' })
  return readFile(join(folder, 'out'))
}

async function build(
  files: Record<string, TestFile>,
  request: Partial<Omit<BuildRequestInput, 'source'>> = {},
  on = engine,
) {
  const tree = treeOf(files)
  const entries = tree.files.map((file) => tree.entry(file))
  const { content } = await writeZip(entries, { memory: true, bytesMax: 1e8 })
  const bytes = 'bytes' in content ? content.bytes : Buffer.alloc(0)
  const upload = createHash('sha256').update(bytes).digest('hex')
  const source = { kind: 'upload', upload } as const
  const { outcome } = await on.build(
    { function: 'hello', runtime: 'go', handler: 'hello.Handler', source, ...request },
    { uploads: { [upload]: bytes } },
  )
  return outcome
}

async function errorsOf(...given: Parameters<typeof build>) {
  const outcome = await build(...given)
  if (outcome.status === 'succeeded') throw new Error('it passed')
  return (outcome.failure.findings ?? []).map(({ rule, message }) => `${rule}: ${message}`)
}

test('a plugin that was compiled elsewhere is loaded and passed through', async () => {
  const outcome = await build({ 'hello.so': plugin, 'data.txt': 'data' })
  expect(outcome).toMatchObject({
    status: 'succeeded',
    report: { as: 'package', asBecause: 'it holds hello.so', verdict: { verdict: 'checked' } },
  })
})

test('a plugin whose host nobody else can make is a warning when it does not load', async () => {
  const untrimmed = await compiled('-buildmode=plugin')
  const outcome = await build({ 'hello.so': untrimmed })
  if (outcome.status === 'failed') throw new Error(outcome.failure.detail)
  expect(outcome.report.verdict.verdict).not.toBe('proved')
  expect(outcome.report.verdict.because).toContain('-trimpath')
}, 300_000)

test('a plugin under another name or in a folder is told with what is there', async () => {
  expect(await errorsOf({ 'other.so': plugin })).toEqual([
    'entry-at-root: expected hello.so at the root, found other.so',
  ])
  const [wrapped] = await errorsOf({ 'app/hello.so': plugin }, { build: { unwrap: false } })
  expect(wrapped).toContain('everything lies in the folder "app"')
})

test('a symbol that it does not export is told with those that it does', async () => {
  expect(await errorsOf({ 'hello.so': plugin }, { handler: 'hello.Handle' })).toEqual([
    'handler-exists: hello.so exports no Handle; found Handler, Twice',
  ])
})

test('what is no plugin is refused, each with what it is', async () => {
  const shared = await compiled('-buildmode=c-shared')
  const program = await compiled('-buildmode=exe')
  const cases: [Buffer, string][] = [
    [shared, 'hello.so has build mode c-shared'],
    [program, 'hello.so is no dynamic library'],
    [Buffer.from('text'), 'hello.so is no ELF file'],
  ]
  for (const [bytes, message] of cases) {
    expect(await errorsOf({ 'hello.so': { bytes } })).toEqual([`go-plugin: ${message}`])
  }
}, 300_000)

test('a plugin of another Go or with other modules than the host has is refused', async () => {
  const go = { host: '1.20.1', trimpath: true, modules: {} }
  const { tools, profile } = engine
  const other = await testEngine({ profile: { ...profile, go } })
  const errors = await errorsOf({ 'hello.so': plugin }, {}, other)
  await other.close()
  expect(errors).toEqual([
    `go-host: hello.so was built by Go ${tools.go?.version}, the platform's host by Go 1.20.1; plugins only load into a host that has the same`,
  ])
})

const EXECUTABLE = { handler: 'hello' }

test('an executable is looked at: libraries, scripts and missing modes are refused', async () => {
  const program = await compiled('-buildmode=pie')
  const fine = await build({ hello: { bytes: program, executable: true } }, EXECUTABLE)
  expect(fine).toMatchObject({ status: 'succeeded', report: { verdict: { verdict: 'proved' } } })
  const script = { bytes: Buffer.from('#!/bin/sh\n'), executable: true }
  expect(await errorsOf({ hello: script }, EXECUTABLE)).toEqual([
    'go-executable: hello is no ELF executable',
  ])
  expect(await errorsOf({ hello: { bytes: plugin, executable: true } }, EXECUTABLE)).toEqual([
    'go-executable: hello is a library (build mode plugin), not an executable',
  ])
})
