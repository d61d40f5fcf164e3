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
      limits: { perMinute: 60_000, atOnce: 1000 },
      corsOrigins: [],
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

  test('takes a key of the operator, which may not be short; an empty one is none', () => {
    const operatorKey = (key: string) =>
      readConfig({ ...least, PACKLINE_OPERATOR_KEY: key }).operatorKey
    expect(operatorKey('a-key-of-sixteen')).toBe('a-key-of-sixteen')
    expect(operatorKey('')).toBeUndefined()
    for (const wrong of ['short', 'a key of sixteen']) {
      expect(() => operatorKey(wrong)).toThrow(/^PACKLINE_OPERATOR_KEY: expected at least 16/m)
    }
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

  test('takes object stores as JSON, and says nothing of their keys where it is wrong', () => {
    const store = { name: 'main', endpoint: 'https://obs.test', region: 'east', buckets: ['code'] }
    const text = JSON.stringify([store])
    const { objectStores } = readConfig({ ...least, PACKLINE_OBJECT_STORES: text })
    expect(objectStores).toEqual([{ ...store, addressing: 'path' }])
    expect(readConfig(least).objectStores).toEqual([])
    const secret = JSON.stringify([{ ...store, accessKeyId: 'a', secretAccessKey: 7, canary: 'x' }])
    const wrong = () => readConfig({ ...least, PACKLINE_OBJECT_STORES: secret })
    expect(wrong).toThrow(/PACKLINE_OBJECT_STORES/)
    expect(() => readConfig({ ...least, PACKLINE_OBJECT_STORES: '[' })).toThrow(/must be JSON/)
  })

  test('takes origins as browsers send them, and nothing that is none', () => {
    const read = (text: string) => readConfig({ ...least, PACKLINE_CORS_ORIGINS: text }).corsOrigins
    const two = ['https://console.example', 'http://localhost:5173']
    expect(read(two.join(', '))).toEqual(two)
    for (const wrong of [
      '*',
      'null',
      'console.example',
      'https://a.example/',
      'https://A.example',
    ]) {
      expect(() => read(wrong)).toThrow(/PACKLINE_CORS_ORIGINS: expected origins/)
    }
  })

  test('limits no key to nothing at all', () => {
    for (const name of ['PACKLINE_REQUESTS_PER_MINUTE', 'PACKLINE_REQUESTS_AT_ONCE']) {
      expect(() => readConfig({ ...least, [name]: '0' })).toThrow(name)
    }
  })

  test('takes a prefix only with its hash tag, which a Cluster needs', () => {
    expect(() => readConfig({ ...least, PACKLINE_PREFIX: 'packline' })).toThrow(/PACKLINE_PREFIX/)
  })
})
