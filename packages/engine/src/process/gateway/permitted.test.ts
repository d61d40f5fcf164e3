import { describe, expect, it } from 'vitest'
import { permitted, plain } from './permitted.ts'

const REACH = [
  { host: 'Registry.Example', port: 443, isTrusted: true },
  { host: '*.corp.example', port: 443, isTrusted: true },
  { host: '2001:db8::1', port: 8443 },
]

describe('permitted', () => {
  it.each([
    ['registry.example', 443, 'Registry.Example'],
    ['REGISTRY.EXAMPLE', 443, 'Registry.Example'],
    ['a.corp.example', 443, 'a.corp.example'],
    ['A.b.corp.example', 443, 'a.b.corp.example'],
    ['[2001:db8::1]', 8443, '2001:db8::1'],
  ])('finds %s:%i', (host, port, expected) => {
    expect(permitted(REACH, host, port)).toMatchObject({ host: expected, port })
  })

  it.each([
    ['registry.example', 80],
    ['registry.example.', 443],
    ['registry.example.evil.test', 443],
    ['corp.example', 443],
    ['evilcorp.example', 443],
    ['.corp.example', 443],
    ['*.corp.example', 8080],
    ['a@b.corp.example', 443],
    ['127.0.0.1/x.corp.example', 443],
    ['10.0.0.1\u0000.corp.example', 443],
    ['', 443],
  ])('refuses %j:%i', (host, port) => {
    expect(permitted(REACH, host, port)).toBeUndefined()
  })

  it('compares hosts as they are shown', () => {
    expect(plain('[::1]')).toBe('::1')
    expect(plain('Host')).toBe('host')
  })
})
