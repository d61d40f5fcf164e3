import { loadProfile } from '@packline/profiles'
import { describe, expect, test } from 'vitest'
import {
  functionBuildSchema,
  functionPutSchema,
  packagesDiffQuery,
  requestOf,
  resolveSettings,
} from './function.ts'
import { buildRequestSchema } from './request.ts'

const profile = await loadProfile('ctyun-functiongraph')
const NODE = { runtime: 'nodejs', handler: 'index.handler' }

function settingsOf(given: object) {
  const { template: _template, ...asked } = functionPutSchema.parse({ ...NODE, ...given })
  return resolveSettings('hello', asked, profile)
}

describe('settings', () => {
  test('keep the version that the profile gives, so that a later default changes nothing', () => {
    expect(settingsOf({}).version).toBe(profile.runtimes.nodejs?.default)
  })

  test.each([
    [{ handler: 'nothing' }, 'HANDLER_FORM'],
    [{ initializer: 'other.start' }, 'HANDLER_FORM'],
    [{ version: '1' }, 'UNKNOWN_VERSION'],
    [{ dependencies: ['a', 'a@2'] }, 'INVALID_REQUEST'],
    [{ build: { command: ['make'] } }, 'INVALID_REQUEST'],
  ])('are refused as a build with them would be: %j', (given, code) => {
    expect(() => settingsOf(given)).toThrow(expect.objectContaining({ code }))
  })

  test.each([{ source: { kind: 'draft' } }, { function: 'other' }, { priority: 'bulk' }])(
    'are not what a build says of itself: %j',
    (given) => {
      expect(functionPutSchema.safeParse({ ...NODE, ...given }).success).toBe(false)
    },
  )
})

describe('a build of a function', () => {
  test('is of its draft with its settings, and says its own labels before them', () => {
    const settings = settingsOf({
      description: 'greets',
      keep: { count: 3 },
      labels: { team: 'blue', stage: 'test' },
      dependencies: ['libs'],
      build: { load: false },
    })
    const request = requestOf('hello', settings, { labels: { stage: 'live' } })
    expect(buildRequestSchema.parse(request)).toMatchObject({
      function: 'hello',
      source: { kind: 'draft' },
      labels: { team: 'blue', stage: 'live' },
      dependencies: ['libs'],
      build: { load: false },
    })
  })

  test('may be of another source, and of a version of the draft', () => {
    const source = { kind: 'git', url: 'https://example.com/a.git' }
    const asked = functionBuildSchema.parse({ source, priority: 'bulk', test: { event: 1 } })
    expect(requestOf('hello', settingsOf({}), asked)).toMatchObject({
      source: { ...source, ref: 'HEAD' },
      priority: 'bulk',
      test: { event: 1 },
    })
    const draft = { kind: 'draft', version: 4 }
    expect(functionBuildSchema.parse({ source: draft }).source).toEqual(draft)
    const pinned = { source: { ...draft, sha256: 'aa' } }
    expect(functionBuildSchema.safeParse(pinned).success).toBe(false)
  })
})

test('two packages are named by number or alias', () => {
  expect(packagesDiffQuery.parse({ from: '3', to: 'stable' })).toEqual({ from: 3, to: 'stable' })
  for (const from of ['0', '-1', '1.5', '', 'no such', '@']) {
    expect(packagesDiffQuery.safeParse({ from, to: '1' }).success).toBe(false)
  }
})
