import { describe, expect, test } from 'vitest'
import { makeOutbound } from './make-outbound.ts'

function refusalOf(address: string, ...allow: string[]): string | undefined {
  try {
    makeOutbound({ allow }).check(address)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

describe('an address that nobody has resolved yet', () => {
  test.each([
    ['https://hooks.example/packline'],
    ['https://hooks.example:8443/?a=b'],
    ['https://93.184.216.34/'],
    ['https://[2606:2800:220:1:248:1893:25c8:1946]/'],
  ])('is let through where nothing speaks against it: %s', (address) => {
    expect(refusalOf(address)).toBeUndefined()
  })

  test.each([
    ['http://hooks.example/', 'without TLS'],
    ['http://93.184.216.34/', 'without TLS'],
    ['https://10.0.0.1/', 'public internet'],
    ['https://169.254.169.254/latest/meta-data', 'public internet'],
    ['https://0x7f.1/', 'public internet'],
    ['https://[::1]/', 'public internet'],
    ['https://[::ffff:10.0.0.1]/', 'public internet'],
    ['https://localhost:8443/', 'public internet'],
    ['https://redis.localhost./', 'public internet'],
    ['https://me:secret@hooks.example/', 'user or a password'],
    ['ftp://hooks.example/', 'begins with https'],
    ['nothing', 'is not a URL'],
  ])('is refused at once: %s', (address, why) => {
    expect(refusalOf(address)).toContain(why)
  })

  test.each([
    ['http://127.0.0.1:9000/', '127.0.0.1:9000'],
    ['http://10.1.2.3/', '10.0.0.0/8'],
    ['https://localhost:8443/', '127.0.0.0/8'],
    ['https://localhost:8443/', 'localhost'],
    ['http://objects.internal:9000/', 'objects.internal'],
  ])('is let through where the operator allows it: %s by %s', (address, entry) => {
    expect(refusalOf(address, entry)).toBeUndefined()
  })

  test('is left to the connection where a name may resolve to what is allowed', () => {
    expect(refusalOf('http://objects.internal/', '10.0.0.0/8')).toBeUndefined()
    expect(refusalOf('http://objects.internal/', 'other.internal')).toContain('without TLS')
    expect(refusalOf('https://10.0.0.1:81/', '10.0.0.1:80')).toContain('public internet')
  })
})
