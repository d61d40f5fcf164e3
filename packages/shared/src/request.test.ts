import { expect, test } from 'vitest'
import { batchRequestSchema } from './batch.ts'
import { isTerminal } from './event.ts'
import { LIMITS } from './limits.ts'
import { manifestSchema } from './manifest.ts'
import { buildRequestSchema } from './request.ts'
import { queueOf, RUNTIME_NAMES, RUNTIMES } from './runtimes.ts'
import { STORE_KEYS } from './store-keys.ts'

const source = { kind: 'inline', files: { 'index.js': '' } } as const
const hello = { function: 'hello', runtime: 'nodejs', handler: 'index.handler', source } as const

function places(request: unknown, schema: typeof buildRequestSchema | typeof batchRequestSchema) {
  const parsed = schema.safeParse(request)
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'))
}
const wrong = (change: object) => places({ ...hello, ...change }, buildRequestSchema)

test('what a request leaves out has one meaning', () => {
  expect(buildRequestSchema.parse(hello)).toEqual({
    ...hello,
    type: 'event',
    architecture: 'x86_64',
    build: { load: true, timeoutSeconds: LIMITS.buildTimeoutMs / 1000 },
  })
})

test.each([
  [{ function: '1st' }, 'function'],
  [{ function: 'a/b' }, 'function'],
  [{ function: 'f'.repeat(97) }, 'function'],
  [{ runtime: 'ruby' }, 'runtime'],
  [{ architecture: 'arm64' }, 'architecture'],
  [{ build: { timeoutSeconds: 0 } }, 'build.timeoutSeconds'],
  [{ build: { timeoutSeconds: 3601 } }, 'build.timeoutSeconds'],
  [{ build: { timeoutSeconds: 1.5 } }, 'build.timeoutSeconds'],
  [{ build: { minify: true } }, 'build'],
  [{ build: { entryNameEncoding: 'latin1' } }, 'build.entryNameEncoding'],
  [{ build: { module: '../app' } }, 'build.module'],
  [{ labels: { 'a b': 'c' } }, 'labels.a b'],
  [{ labels: { a: 'c'.repeat(129) } }, 'labels.a'],
  [{ labels: Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`l${at}`, ''])) }, 'labels'],
  [{ priority: 'urgent' }, 'priority'],
  [{ handler: 'h'.repeat(1025) }, 'handler'],
])('%j is refused at %s', (change, place) => {
  expect(wrong(change)).toEqual([place])
})

test('a batch holds 1 to 10,000 builds, and names the one that is wrong', () => {
  expect(places({ builds: [hello] }, batchRequestSchema)).toEqual([])
  expect(places({ builds: [] }, batchRequestSchema)).toEqual(['builds'])
  const many = Array.from({ length: LIMITS.batchBuildsMax + 1 }, () => hello)
  expect(places({ builds: many }, batchRequestSchema)).toEqual(['builds'])
  const one = [hello, { ...hello, runtime: 'ruby' }]
  expect(places({ builds: one }, batchRequestSchema)).toEqual(['builds.1.runtime'])
})

test('a manifest names functions with their folders, and no source of their own', () => {
  const functions = { hello: { runtime: 'nodejs', handler: 'index.handler', path: 'hello' } }
  expect(manifestSchema.safeParse({ functions }).success).toBe(true)
  for (const refused of [
    { functions: {} },
    { functions: { hello: { ...functions.hello, path: '../hello' } } },
    { functions: { hello: { ...functions.hello, source } } },
    { functions: { '1st': functions.hello } },
    { functions, version: 2 },
  ]) {
    expect(manifestSchema.safeParse(refused).success).toBe(false)
  }
})

test('every runtime has one queue, Java one for each release', () => {
  expect(RUNTIME_NAMES.map((name) => queueOf(name, '17'))).toEqual([
    'nodejs',
    'python',
    'java-17',
    'go',
    'custom',
  ])
  expect(RUNTIME_NAMES.filter((name) => RUNTIMES[name].jar)).toEqual(['java'])
  expect(RUNTIME_NAMES.filter((name) => !RUNTIMES[name].onlineEdit)).toEqual(['java', 'go'])
})

test('every key in the store starts with its kind and its tenant', () => {
  expect(STORE_KEYS.package('one', 'hello', 'abc', 'jar')).toBe('packages/one/hello/abc.jar')
  expect(STORE_KEYS.upload('one', 'abc', 'zip')).toBe('uploads/one/abc.zip')
  expect(STORE_KEYS.inline('one', 'abc')).toBe('inline/one/abc.json')
})

test('three states are final', () => {
  const all = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const
  expect(all.filter(isTerminal)).toEqual(['succeeded', 'failed', 'cancelled'])
})
