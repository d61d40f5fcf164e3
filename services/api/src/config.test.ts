import { describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'

const least = {
  PACKLINE_REDIS_URL: 'redis://127.0.0.1:6379',
  PACKLINE_STORE_URL: 'file:///var/packline',
  PACKLINE_KEYS: 'one:a-key-of-sixteen-or-more',
}

describe('the environment', () => {
  test('needs Redis, a store and a key; the rest has its usual value', () => {
    expect(readConfig(least)).toMatchObject({
      redisUrl: 'redis://127.0.0.1:6379',
      host: '127.0.0.1',
      port: 8080,
      profile: 'ctyun-functiongraph',
      prefix: '{packline}',
      keys: new Map([['a-key-of-sixteen-or-more', 'one']]),
    })
  })

  test('gives a tenant several keys', () => {
    const keys = 'one:first-key-of-sixteen, one:second-key-of-sixteen,other-2:third:key-of-sixteen'
    expect(readConfig({ ...least, PACKLINE_KEYS: keys }).keys).toEqual(
      new Map([
        ['first-key-of-sixteen', 'one'],
        ['second-key-of-sixteen', 'one'],
        ['third:key-of-sixteen', 'other-2'],
      ]),
    )
  })

  test('names every variable that is wrong, at once', () => {
    const wrong = { ...least, PACKLINE_REDIS_URL: 'http://redis', PACKLINE_PORT: '70000' }
    expect(() => readConfig(wrong)).toThrow(/PACKLINE_REDIS_URL: .*\nPACKLINE_PORT: /)
    expect(() => readConfig({})).toThrow(/PACKLINE_REDIS_URL.*\n.*PACKLINE_STORE_URL.*\n.*_KEYS/)
  })

  test.each([
    'short',
    'one:short',
    ':a-key-of-sixteen-or-more',
    'One:a-key-of-sixteen-or-more',
    ',',
  ])('refuses the keys "%s" without saying them', (keys) => {
    let said = ''
    try {
      readConfig({ ...least, PACKLINE_KEYS: keys })
    } catch (error) {
      said = String(error)
    }
    expect(said).toMatch(/PACKLINE_KEYS is not right/)
    expect(said).not.toContain('a-key-of')
  })

  test('takes a prefix only with its hash tag, which a Cluster needs', () => {
    expect(() => readConfig({ ...least, PACKLINE_PREFIX: 'packline' })).toThrow(/PACKLINE_PREFIX/)
  })
})
