import { describe, expect, it } from 'vitest'
import { makeAllowList, outboundAllowSchema } from './allow-list.ts'

const at = (host: string, port = 443, address?: string) => ({ host, port, address })

describe('what the operator allows', () => {
  it('is a host at any port, or at one', () => {
    const allows = makeAllowList(['git.internal', 'store.internal:9000', 'plain.internal:80'])
    expect(allows(at('git.internal', 8443, '10.0.0.1'))).toBe(true)
    expect(allows(at('store.internal', 9000))).toBe(true)
    expect(allows(at('plain.internal', 80))).toBe(true)
    expect(allows(at('plain.internal', 443))).toBe(false)
    expect(allows(at('store.internal', 9001))).toBe(false)
    expect(allows(at('other.git.internal'))).toBe(false)
    expect(allows(at('git.internal.evil.test'))).toBe(false)
  })

  it('is an address, whatever name leads to it, or a range of them', () => {
    const allows = makeAllowList(['127.0.0.1:9000', '::1', '10.1.0.0/16', 'fd00:1::/32'])
    expect(allows(at('localhost', 9000, '127.0.0.1'))).toBe(true)
    expect(allows(at('localhost', 9001, '127.0.0.1'))).toBe(false)
    expect(allows(at('localhost', 1, '::1'))).toBe(true)
    expect(allows(at('any.test', 443, '10.1.255.1'))).toBe(true)
    expect(allows(at('any.test', 443, '::ffff:10.1.255.1'))).toBe(true)
    expect(allows(at('any.test', 443, '10.2.0.1'))).toBe(false)
    expect(allows(at('any.test', 443, 'fd00:1::9'))).toBe(true)
    expect(allows(at('10.1.9.9'))).toBe(true)
  })

  it('is written in any letter case, with IPv6 in brackets where a port follows', () => {
    const allows = makeAllowList(['GIT.Internal.', '[::1]:9000'])
    expect(allows(at('git.internal'))).toBe(true)
    expect(allows(at('::1', 9000))).toBe(true)
    expect(allows(at('::1', 9001))).toBe(false)
  })

  it('is refused where it can not be read', () => {
    for (const wrong of [
      'https://git.internal',
      'git.internal/path',
      'a@b',
      'host:port',
      '10.0.0.0/33',
    ]) {
      expect(() => makeAllowList([wrong])).toThrow(`"${wrong}" is no host`)
      expect(outboundAllowSchema.safeParse(`good.test, ${wrong}`).success).toBe(false)
    }
  })

  it('is a list in the environment', () => {
    expect(outboundAllowSchema.parse(undefined)).toEqual([])
    expect(outboundAllowSchema.parse('a.test, 10.0.0.0/8,b.test:80')).toEqual([
      'a.test',
      '10.0.0.0/8',
      'b.test:80',
    ])
  })
})
