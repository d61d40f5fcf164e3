import type { LookupFunction } from 'node:net'
import { describe, expect, it } from 'vitest'
import {
  HOSTILE_HOSTS,
  HOSTILE_NAMES,
  HOSTILE_URLS,
} from '../../../test/harness/hostile-addresses.ts'
import { makeOutbound } from './make-outbound.ts'

const asked: string[] = []
const lookup: LookupFunction = (hostname, _options, callback) => {
  asked.push(hostname)
  const known = HOSTILE_NAMES[hostname.replace(/\.$/, '')]
  if (!known) return callback(new Error(`${hostname} was not expected`), [])
  callback(
    null,
    known.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  )
}

const refusalOf = (address: string, allow: readonly string[] = []) =>
  makeOutbound({ allow, lookup })
    .request(address, { signal: AbortSignal.timeout(5000), bytesMax: 1000 })
    .then(
      ({ status }) => `answered ${status}`,
      (error: { code?: string }) => error.code,
    )

describe('an address that nobody may be led to', () => {
  for (const [kind, hosts] of Object.entries(HOSTILE_HOSTS)) {
    it.each(hosts)(`is refused before it is connected to: ${kind}: %s`, async (host) => {
      expect(await refusalOf(`https://${host}/`)).toBe('SOURCE_NOT_ALLOWED')
    })
  }

  it.each(HOSTILE_URLS)('is refused: %s (%s)', async (address) => {
    expect(await refusalOf(address)).toBe('SOURCE_NOT_ALLOWED')
  })

  it('is not asked for where its number says enough', () => {
    expect(asked.filter((name) => !/[g-z]/.test(name))).toEqual([])
  })

  it('is refused however the list allows others', async () => {
    const allow = ['git.internal', '10.0.0.0/8', '127.0.0.1:9000', '[::1]:9000', 'fd00:1::/32']
    const hosts = ['192.168.0.1', '127.0.0.1:9001', '[::1]:443', '[fd00:2::1]', 'localhost']
    const codes = await Promise.all(hosts.map((host) => refusalOf(`https://${host}/`, allow)))
    expect(new Set(codes)).toEqual(new Set(['SOURCE_NOT_ALLOWED']))
  })

  it('says nothing of what its name was resolved to', async () => {
    const outbound = makeOutbound({ allow: [], lookup })
    const asked = outbound.request('https://private.test/', {
      signal: AbortSignal.timeout(5000),
      bytesMax: 1,
    })
    await expect(asked).rejects.toMatchObject({
      message: '"private.test" is no address of the public internet',
      hint: expect.stringContaining('PACKLINE_OUTBOUND_ALLOW'),
    })
  })
})
