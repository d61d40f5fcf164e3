import { describe, expect, test } from 'vitest'
import {
  dependencyNameSchema,
  dependencyRef,
  dependencyRefSchema,
  parseDependencyRef,
} from './dependency.ts'
import { dependencyRequestSchema, resolveDependencyRequest } from './dependency-request.ts'
import type { Profile } from './profile.ts'
import { buildRequestSchema } from './request.ts'
import { resolveRequest } from './resolve.ts'
import { STORE_KEYS } from './store-keys.ts'

const runtime = (version: string, form: string) => ({
  versions: [{ version }],
  default: version,
  handlerForms: [form],
  preinstalled: [],
})
const profile = {
  title: 'The platform',
  architectures: ['x86_64'],
  limits: { handlerCharsMin: 3, handlerCharsMax: 128, dependenciesMax: 2 },
  runtimes: {
    nodejs: runtime('20', 'file.function'),
    java: runtime('17', 'package.Class.method'),
    go: runtime('1.x', 'file'),
    custom: runtime('1', 'any'),
  },
} as unknown as Profile

const source = { kind: 'inline', files: { 'package.json': '{}' } } as const

describe('a name', () => {
  test.each(['a', 'My_libs-2.0', 'x'.repeat(96)])('may be %s', (name) => {
    expect(dependencyNameSchema.safeParse(name).success).toBe(true)
  })

  test.each(['', '1a', '_a', 'a b', 'a@1', 'ä', 'x'.repeat(97), 'a/b'])('is not %j', (name) => {
    expect(dependencyNameSchema.safeParse(name).success).toBe(false)
  })
})

test('a request names a revision, or the newest by the name alone', () => {
  expect(parseDependencyRef('libs@12')).toEqual({ name: 'libs', revision: 12 })
  expect(parseDependencyRef('libs')).toEqual({ name: 'libs' })
  expect(dependencyRef({ name: 'libs', revision: 12 })).toBe('libs@12')
  for (const wrong of ['libs@', 'libs@0', 'libs@01', 'libs@-1', 'libs@1.5', '@1', 'libs@1@2']) {
    expect([wrong, dependencyRefSchema.safeParse(wrong).success]).toEqual([wrong, false])
  }
})

describe('a request for one', () => {
  const asked = { name: 'libs', runtime: 'nodejs', source } as const
  const resolve = (more: object = {}) =>
    resolveDependencyRequest(dependencyRequestSchema.parse({ ...asked, ...more }), profile)

  test('becomes a build of its own type, without a handler and with nothing to load', () => {
    expect(resolve({ labels: { team: 'blue' } })).toMatchObject({
      function: 'libs',
      type: 'dependency',
      version: '20',
      architecture: 'x86_64',
      source,
      labels: { team: 'blue' },
      build: { load: false, timeoutSeconds: 900 },
    })
    expect(resolve()).not.toHaveProperty('handler')
    expect(resolve()).not.toHaveProperty('name')
  })

  test.each([
    { name: 'split-nodejs-1' },
    { name: '1' },
    { handler: 'index.handler' },
    { type: 'event' },
    { build: { split: true } },
    { build: { load: true } },
    { dependencies: ['other'] },
  ])('takes no %j', (more) => {
    expect(dependencyRequestSchema.safeParse({ ...asked, ...more }).success).toBe(false)
  })

  test('is refused for runtimes whose functions have none, and for what the profile has not', () => {
    for (const name of ['go', 'custom']) {
      expect(() => resolve({ runtime: name })).toThrow('functions have no dependency packages')
    }
    expect(() => resolve({ runtime: 'python' })).toThrow('The platform has nodejs, java')
    expect(() => resolve({ version: '18' })).toThrow('version is "18"')
    expect(() => resolve({ architecture: 'aarch64' })).toThrow('architecture is "aarch64"')
  })

  test('is not to be had as the request of a function', () => {
    const request = { function: 'hello', type: 'dependency', runtime: 'nodejs', source }
    expect(buildRequestSchema.safeParse(request).success).toBe(false)
  })
})

describe('a function that attaches some', () => {
  const hello = { function: 'hello', runtime: 'nodejs', handler: 'index.handler', source } as const
  const resolve = (more: object) =>
    resolveRequest(buildRequestSchema.parse({ ...hello, ...more }), profile)

  test('has as many as the profile allows, the split one counted, each once', () => {
    expect(resolve({ dependencies: ['a', 'b@2'] })).not.toHaveProperty('dependencies')
    expect(() => resolve({ dependencies: ['a', 'b', 'c'] })).toThrow(
      'would have 3 dependency packages; The platform takes at most 2',
    )
    const split = { dependencies: ['a', 'b'], build: { split: true } }
    expect(() => resolve(split)).toThrow('would have 3')
    expect(() => resolve({ dependencies: ['a@1', 'a@2'] })).toThrow('dependencies has "a" twice')
  })

  test('is of a runtime that has any', () => {
    const custom = { runtime: 'custom', handler: 'any' }
    expect(() => resolve({ ...custom, dependencies: ['a'] })).toThrow('Custom functions have no')
    const go = { runtime: 'go', handler: 'hello', build: { split: true } }
    expect(() => resolve(go)).toThrow('Go functions have no dependency packages')
  })
})

test('what a build makes lies under its kind, its tenant and its name', () => {
  const made = (type: 'event' | 'dependency', format: 'zip' | 'jar') =>
    STORE_KEYS.made('acme', { type, function: 'x' }, 'ab', format)
  expect(made('event', 'jar')).toBe('packages/acme/x/ab.jar')
  expect(made('dependency', 'zip')).toBe('dependencies/acme/x/ab.zip')
})
