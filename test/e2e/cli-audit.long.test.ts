import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeZip } from '@packline/archive'
import { storeFromUrl } from '@packline/stores'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeWorkplace, type Workplace } from '../harness/command-line.ts'
import { elfOf } from '../harness/elf.ts'
import { needs } from '../harness/needs.ts'
import { zipOf } from '../harness/subject.ts'

let place: Workplace
beforeEach(async () => {
  place = await makeWorkplace()
})
afterEach(async () => {
  const left = await place.leftovers()
  await place.remove()
  expect(left).toEqual([])
})

const NODE = { 'index.js': 'exports.handler = async () => 1\n' }
const WRAPPED = { 'app/index.js': 'exports.handler = async () => 1\n' }
const PYTHON = { 'index.py': "PASSWORD = 's3cr3t-Pa55'\ndef handler(event, context): return 1\n" }

interface Row {
  package: string
  runtime?: string
  findings: { rule: string; level: string }[]
  failure?: { code: string }
}

async function packages(): Promise<void> {
  await place.write({
    'all/good.zip': await zipOf(NODE),
    'all/team/wrapped.zip': await zipOf(WRAPPED),
    'all/team/unknown.zip': await zipOf({ 'notes.md': '' }),
    'all/secret.zip': await zipOf(PYTHON),
    'all/text.zip': 'no archive',
    'all/readme.txt': 'not looked at',
  })
}

const summary = (rows: readonly Row[]) =>
  rows.map(({ package: name, runtime, findings, failure }) => [
    name,
    runtime?.split(' ')[0],
    findings.map(({ rule, level }) => `${level} ${rule}`).join(),
    failure?.code,
  ])

test('a folder of packages is told in one row each, and stays as it is', async () => {
  await packages()
  const before = await readFile(join(place.folder, 'all/team/wrapped.zip'))
  const { code, stdout, stderr } = await place.run(['audit', 'all', '--json'])
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(summary(JSON.parse(stdout))).toEqual([
    ['good.zip', 'nodejs', '', undefined],
    ['secret.zip', 'python', 'warning secrets', undefined],
    ['team/unknown.zip', undefined, '', 'RUNTIME_NOT_DETECTED'],
    ['team/wrapped.zip', 'nodejs', 'error entry-at-root', 'VALIDATION_FAILED'],
    ['text.zip', undefined, '', 'FORMAT'],
  ])
  expect((await readFile(join(place.folder, 'all/team/wrapped.zip'))).equals(before)).toBe(true)
})

test('a manifest says runtimes and handlers by name; a pattern says the others', async () => {
  await packages()
  await place.write({
    'all/packline.yaml': 'functions:\n  wrapped: { runtime: nodejs, handler: index.handler }\n',
    'all/hello.zip': await zipOf({ 'hello.js': 'exports.main = async () => 1\n' }),
  })
  const { stdout } = await place.run(['audit', 'all', '--json', '--handler', '{name}.main'])
  const rows = JSON.parse(stdout) as Row[]
  expect(summary(rows.filter(({ package: name }) => /wrapped|hello/.test(name)))).toEqual([
    ['hello.zip', 'nodejs', '', undefined],
    ['team/wrapped.zip', 'nodejs', 'error entry-at-root', 'VALIDATION_FAILED'],
  ])
})

test('a mistake of the manifest in one function is the row of its package', async () => {
  await place.write({
    'all/packline.yaml':
      'functions:\n  hello: { runtime: nodejs, version: "99", handler: index.handler }\n',
    'all/hello.zip': await zipOf(NODE),
    'all/other.zip': await zipOf(NODE),
  })
  const { code, stdout } = await place.run(['audit', 'all', '--json'])
  expect(code).toBe(1)
  expect(summary(JSON.parse(stdout))).toEqual([
    ['hello.zip', undefined, '', 'MANIFEST_INVALID'],
    ['other.zip', 'nodejs', '', undefined],
  ])
})

test('what nobody knows as what to check it is not told to fail', async () => {
  await place.write({ 'all/unknown.zip': await zipOf({ 'notes.md': '' }) })
  const { code, stdout } = await place.run(['audit', 'all'])
  expect(code).toBe(0)
  expect(stdout).toContain('1 package: 0 would fail, 0 with warnings, 1 not told')
})

const JAR = { 'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\n', 'a.txt': '' }
const CUSTOM = { bootstrap: { bytes: Buffer.from('#!/bin/sh\nexec sleep 1\n'), executable: true } }
const PLUGIN = { 'plugin.so': elfOf({}) }
const SCRIPT = { 'index.py': 'def handler(event, context): return 1\n' }

test('a handler that files do not show is not told to fail; other rules are asked', async () => {
  await place.write({
    'all/boot.jar': await zipOf({ ...JAR, 'BOOT-INF/lib/a.jar': 'x' }),
    'all/fn.jar': await zipOf(JAR),
    'all/good.zip': await zipOf(NODE),
    'all/listed.jar': await zipOf(JAR),
    'all/packline.yaml': 'functions:\n  listed: { runtime: java, handler: none }\n',
    'all/plugin.zip': await zipOf(PLUGIN),
  })
  const { code, stdout } = await place.run(['audit', 'all', '--json'])
  expect(code).toBe(1)
  const rows = JSON.parse(stdout) as Row[]
  expect(summary(rows)).toEqual([
    ['boot.jar', 'java', 'error java-jar', 'VALIDATION_FAILED'],
    ['fn.jar', 'java', '', 'HANDLER_FORM'],
    ['good.zip', 'nodejs', '', undefined],
    ['listed.jar', undefined, '', 'MANIFEST_INVALID'],
    ['plugin.zip', 'go', '', 'HANDLER_FORM'],
  ])
  const { stdout: table } = await place.run(['audit', 'all'])
  expect(table).toContain('5 packages: 2 would fail, 0 with warnings, 2 not told')
  expect(table).toContain('List the package in packline.yaml with its handler, or say --handler.')
})

test('one handler for a mixed folder is not held against runtimes of another form', async () => {
  await place.write({
    'all/good.zip': await zipOf(NODE),
    'all/plugin.zip': await zipOf(PLUGIN),
    'all/script.zip': await zipOf(SCRIPT),
  })
  const { code, stdout } = await place.run(['audit', 'all', '--json', '--handler', 'index.handler'])
  expect(code).toBe(0)
  expect(summary(JSON.parse(stdout))).toEqual([
    ['good.zip', 'nodejs', '', undefined],
    ['plugin.zip', 'go', '', 'HANDLER_FORM'],
    ['script.zip', 'python', '', undefined],
  ])
})

test.each([
  ['--runtime-version', '3.10', ['UNKNOWN_VERSION', 'UNKNOWN_VERSION', undefined]],
  ['--dependency', 'dep.zip', ['INVALID_REQUEST', undefined, undefined]],
])('%s %s is not told of what it can not be of; others go on', async (option, value, codes) => {
  await place.write({
    'all/custom.zip': await zipOf(CUSTOM),
    'all/good.zip': await zipOf(NODE),
    'all/script.zip': await zipOf(SCRIPT),
    'dep.zip': await zipOf({ 'node_modules/ms/index.js': '', 'six.py': '' }),
  })
  const args = ['audit', 'all', '--json', option, value]
  const { code, stdout, stderr } = await place.run(args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const rows = JSON.parse(stdout) as Row[]
  expect(rows.map(({ failure }) => failure?.code)).toEqual(codes)
})

test('a dependency package is not attached to a listed function that can have none', async () => {
  await place.write({
    'all/custom.zip': await zipOf(CUSTOM),
    'all/packline.yaml': 'functions:\n  custom: { runtime: custom, handler: abc }\n',
    'dep.zip': await zipOf({ 'node_modules/ms/index.js': '', 'six.py': '' }),
  })
  const { code, stdout } = await place.run(['audit', 'all', '--json', '--dependency', 'dep.zip'])
  expect(code).toBe(0)
  expect(summary(JSON.parse(stdout))).toEqual([['custom.zip', undefined, '', 'INVALID_REQUEST']])
})

test.each([
  [['--runtime', 'ruby'], /There is no runtime "ruby"/],
  [['--runtime-version', '99'], /No runtime of .* has a version "99"/],
  [['--runtime', 'python', '--runtime-version', '99'], /version is "99"; .* has python/],
  [['--dependency', 'none.zip'], /There is no file none\.zip/],
  [['--type', 'http', '--handler', 'index.handler'], /An HTTP function has no handler/],
])('%j are wrong of whatever package, and end the audit', async (options, said) => {
  await place.write({ 'all/good.zip': await zipOf(NODE), 'all/fn.jar': await zipOf(JAR) })
  const { code, stdout, stderr } = await place.run(['audit', 'all', ...options])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(said)
})

test('table and CSV say the same, and all is well where all is', async () => {
  await place.write({ 'all/good.zip': await zipOf(NODE) })
  const table = await place.run(['audit', 'all'])
  expect(table.code).toBe(0)
  expect(table.stdout).toContain('1 package: 0 would fail, 0 with warnings')
  const csv = await place.run(['audit', 'all', '--format', 'csv'])
  expect(csv.stdout).toBe(
    'package,runtime,handler,verdict,errors,warnings,notes,what was found\r\ngood.zip,nodejs 20.15,index.handler,not loaded,0,0,0,\n',
  )
  expect((await place.run(['audit', 'nowhere'])).code).toBe(2)
  await place.write({ 'all/wrapped.zip': await zipOf({ 'app/index.js': NODE['index.js'] ?? '' }) })
  const chinese = await place.run(['--lang', 'zh', 'audit', 'all', '--handler', 'index.handler'])
  expect(chinese.stdout).toContain('所有内容都在文件夹 "app" 里')
})

test('packages are loaded when that is asked for', async (context) => {
  needs(context, 'sandbox')
  await place.write({
    'all/good.zip': await zipOf(NODE),
    'all/throws.zip': await zipOf({ 'index.js': 'exports.handler = 1; throw new Error("no")\n' }),
  })
  const { stdout } = await place.run(['audit', 'all', '--load', '--json'])
  const [good, throws] = JSON.parse(stdout) as (Row & { verdict: { because: string } })[]
  expect(good?.verdict.because).toMatch(/^loaded by Node\.js/)
  expect(throws?.findings.map(({ rule }) => rule)).toEqual(['handler-exists'])
})

test('a bucket is looked at below a prefix', async (context) => {
  needs(context, 'store')
  const url = process.env.PACKLINE_TEST_STORE_URL ?? ''
  const bucket = 'packline-audit'
  const store = storeFromUrl(url.replace(/\/[^/?]+(?=\?|$)/, `/${bucket}`))
  await store.prepare()
  const keys = ['team/good.zip', 'team/wrapped.zip', 'other/good.zip']
  for (const key of keys) {
    const { content, sha256 } = await writeZip(
      Object.entries(key.includes('wrapped') ? WRAPPED : NODE).map(([path, text]) => ({
        path,
        executable: false,
        size: Buffer.byteLength(text),
        content: Buffer.from(text),
      })),
      { memory: true },
    )
    if ('bytes' in content) await store.put(key, content, { sha256 })
  }
  try {
    const environment = { PACKLINE_STORE_URL: url }
    const args = ['audit', `s3://${bucket}/team/`, '--json']
    const { code, stdout } = await place.run(args, { environment })
    expect(code).toBe(1)
    expect(summary(JSON.parse(stdout))).toEqual([
      ['team/good.zip', 'nodejs', '', undefined],
      ['team/wrapped.zip', 'nodejs', 'error entry-at-root', 'VALIDATION_FAILED'],
    ])
  } finally {
    for (const key of keys) await store.remove(key)
    await store.close()
  }
})
