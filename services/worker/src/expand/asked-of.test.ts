import type { ExpansionRecord } from '@packline/records'
import type { DeliveryExpansion, ManifestExpansion } from '@packline/shared'
import { describe, expect, test } from 'vitest'
import { askedOf } from './asked-of.ts'

const [BEFORE, AFTER, NONE] = ['b'.repeat(40), 'a'.repeat(40), '0'.repeat(40)]
const url = 'https://git.example/a.git'

function of(spec: object, commit?: string, reached?: string): ExpansionRecord {
  const upTo = reached === undefined ? undefined : { number: 1, commit: reached }
  return { id: 'x_1', spec, commit, reached: upTo } as ExpansionRecord
}

const manifest = (more: Partial<ManifestExpansion> = {}, commit?: string) =>
  askedOf(of({ kind: 'manifest', source: { url, ref: 'main' }, ...more }, commit))

const delivery = (more: Partial<DeliveryExpansion> = {}, reached?: string) => {
  const common = { kind: 'delivery', source: { url }, functions: { manifest: 'a/packline.yaml' } }
  const push = { ref: 'refs/heads/main', before: BEFORE, after: AFTER }
  return askedOf(of({ ...common, ...push, ...more }, undefined, reached))
}

describe('a batch of a manifest', () => {
  test('reads packline.yaml of the root or of the folder, at the ref', () => {
    expect(manifest()).toEqual({ url, ref: 'main', functions: { manifest: 'packline.yaml' } })
    const source = { url, ref: 'v1', path: 'services' }
    expect(manifest({ source, since: BEFORE })).toEqual({
      url,
      ref: 'v1',
      functions: { manifest: 'services/packline.yaml' },
      since: BEFORE,
    })
  })

  test('is read at the commit that an earlier attempt found', () => {
    expect(manifest({}, AFTER)?.ref).toBe(AFTER)
  })
})

describe('a delivery', () => {
  test('reads what it lists at its commit, and what its range touched', () => {
    const functions = { manifest: 'a/packline.yaml' }
    expect(delivery()).toEqual({ url, ref: AFTER, functions, since: BEFORE })
    expect(delivery({ forced: true })?.since).toBe(BEFORE)
    expect(delivery({ after: undefined })?.ref).toBe('refs/heads/main')
  })

  test.each([
    ['a new branch', { before: NONE }],
    ['a new branch that only says so', { created: true }],
    ['one that names no earlier commit', { before: undefined }],
    ['a tag', { ref: 'refs/tags/v1' }],
  ])('of %s builds everything', (_what, more) => {
    expect(delivery(more)).toMatchObject({ ref: AFTER })
    expect(delivery(more)?.since).toBeUndefined()
  })

  test.each([
    ['deleted branch', { after: NONE }],
    ['branch that is said to be deleted', { deleted: true }],
  ])('of a %s reads nothing', (_what, more) => {
    expect(delivery(more)).toBeUndefined()
  })

  test.each([
    ['begins', {}, BEFORE],
    ['ends, as one that is delivered again', {}, AFTER],
    ['began with its branch, as a new branch does', { created: true }, NONE],
  ])('that %s where the last one was read has no gap before it', (_where, more, reached) => {
    expect(delivery(more, reached)?.gap).toBeUndefined()
  })

  test.each<[string, Partial<DeliveryExpansion>, string, string?]>([
    ['another commit', {}, '1'.repeat(40), '1'.repeat(40)],
    ['the beginning of its branch', {}, NONE, undefined],
    ['the commit that a tag was at before', { ref: 'refs/tags/v1' }, BEFORE, BEFORE],
  ])('has a gap before it where the last one was read at %s', (_where, more, reached, read) => {
    const branch = more.ref ?? 'refs/heads/main'
    expect(delivery(more, reached)?.gap).toEqual({ branch, read })
  })
})
