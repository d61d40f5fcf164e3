import { describe, expect, it } from 'vitest'
import { isPublicAddress } from './public-address.ts'

describe('public addresses', () => {
  it.each(['1.1.1.1', '8.8.8.8', '93.184.215.14', '172.15.0.1', '172.32.0.1', '100.128.0.1'])(
    'of version 4 pass: %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  it.each(['2606:4700:4700::1111', '2a00:1450:4001::1', '2001:4860:4860::8888', '240e::1'])(
    'of version 6 pass: %s',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  it.each(['', 'example.com', '1.2.3.4.5', '127.0.0.1', 'fe80::1%eth0', '10.0.0.1/8'])(
    'are nothing else: "%s"',
    (address) => expect(isPublicAddress(address)).toBe(false),
  )
})
