import { isEntryPath } from '@packline/shared'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkKey, checkPrefix } from './object-key.ts'

describe('checkKey', () => {
  it('takes the keys that Packline makes', () => {
    checkKey(`packages/acme/hello-World_1.2/${'0'.repeat(64)}.zip`)
    checkKey('builds/acme/2026-11-23/0001.ndjson.gz')
    checkKey('包/ü')
    checkKey('x'.repeat(255))
  })

  it('takes no key that would lead out of a folder', () => {
    const parts = fc.constantFrom('..', '.', '', 'a', '...', '.incoming', '\\', '/', '\0', 'C:')
    fc.assert(
      fc.property(fc.array(parts), (some) => {
        const key = some.join('/')
        const isTaken = isAccepted(() => checkKey(key))
        if (isTaken) expect(isEntryPath(key) || key.startsWith('C:')).toBe(true)
        expect(isTaken && key.split('/').some((part) => part.startsWith('.'))).toBe(false)
      }),
    )
  })

  it('counts bytes, not characters', () => {
    expect(isAccepted(() => checkKey('包'.repeat(85)))).toBe(true)
    expect(isAccepted(() => checkKey('包'.repeat(86)))).toBe(false)
  })

  it('shows what it refuses, but not all of a long one', () => {
    expect(() => checkKey('a/../b')).toThrow('"a/../b"')
    expect(() => checkKey('x'.repeat(5_000))).toThrow(/^.{200,600}$/s)
  })
})

describe('checkPrefix', () => {
  it.each(['', 'a', 'a/', 'a/b', 'packages/acme/hel'])('takes %j', (prefix) => {
    expect(isAccepted(() => checkPrefix(prefix))).toBe(true)
  })

  it.each(['/', 'a//', '../', '.a', 'a/.', `${'x/'.repeat(513)}`])('refuses %j', (prefix) => {
    expect(isAccepted(() => checkPrefix(prefix))).toBe(false)
  })
})

function isAccepted(check: () => void): boolean {
  try {
    check()
    return true
  } catch {
    // Only the decision counts here; the texts have a test of their own.
    return false
  }
}
