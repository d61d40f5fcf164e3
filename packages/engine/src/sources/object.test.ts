import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { loadProfile } from '@packline/profiles'
import { type Credential, LIMITS, type ObjectStore, type SourceSpec } from '@packline/shared'
import { afterAll, describe, expect, test } from 'vitest'
import { makeTestBucket } from '../../../../test/harness/bucket.ts'
import { fetchedBy } from '../../../../test/harness/fetch-source.ts'
import { zipOf } from '../../../../test/harness/subject.ts'
import type { BuildContext } from '../context.ts'
import { deploymentBucket } from '../deployment-bucket.ts'

const users = await makeTestBucket()
afterAll(() => users.remove())
const { store, bucket } = users
const shipped = await loadProfile('ctyun-functiongraph')
const profile = { ...shipped, region: store.region }
const { accessKeyId, secretAccessKey, ...bare } = store
const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

const none = (async () => undefined) as BuildContext['openCredential']
const keptAs = (credential: Credential) =>
  (async () => credential) as unknown as BuildContext['openCredential']

type Given = Partial<BuildContext>

function fetch(address: string, given: Given = {}, more: Partial<SourceSpec> = {}) {
  const spec = { kind: 'object', address, ...more } as SourceSpec
  const context = { profile, objectStores: [store], openCredential: none, ...given }
  return fetchedBy(spec, context, async ({ source, pins }) => {
    if (!('archive' in source)) throw new Error('it is no archive')
    const { archive } = source
    const content = 'bytes' in archive ? archive.bytes : readFileSync(archive.path)
    // Never whole in memory but where it is small.
    expect('bytes' in archive).toBe(content.length <= LIMITS.memoryTreeBytesMax)
    expect(pins).toEqual([source.pin])
    return { content, pin: source.pin }
  })
}

describe('an object', () => {
  test('is read by both forms of its address, small and large, and pinned', async () => {
    const small = await zipOf({ 'index.js': '1' })
    const large = Buffer.alloc(6 * 1024 * 1024, 'packline')
    for (const bytes of [small, large]) {
      const address = await users.put('some folder/a.zip', bytes)
      const http = `${store.endpoint}/${bucket}/some%20folder/a.zip`
      for (const one of [address, http]) {
        const { content, pin } = await fetch(one)
        expect(content.equals(bytes)).toBe(true)
        expect(pin).toEqual({
          kind: 'object',
          address: one,
          etag: expect.stringMatching(/^"\w+"$/),
          sha256: sha256Of(bytes),
          size: bytes.length,
        })
      }
    }
  })

  test("is read with the tenant's key before the operator's", async () => {
    const address = await users.put('own.zip', Buffer.from('own'))
    const own: Credential = { kind: 'object', store: 'main', accessKeyId, secretAccessKey }
    expect(
      (await fetch(address, { objectStores: [bare], openCredential: keptAs(own) })).pin,
    ).toBeDefined()
    const wrong = keptAs({ ...own, secretAccessKey: 'wrong-secret-canary' })
    const refused = fetch(address, { openCredential: wrong })
    await expect(refused).rejects.toMatchObject({ code: 'SOURCE_NOT_ALLOWED' })
    await expect(refused).rejects.not.toThrow(/canary/)
    await expect(fetch(address, { objectStores: [bare] })).rejects.toMatchObject({
      code: 'SOURCE_NOT_ALLOWED',
      message: 'There is no credential to read from the store "main" with',
    })
  })

  test("where all tenants' packages lie is read with the tenant's own key alone", async () => {
    const address = await users.put('deploy/other/hello/a.zip', Buffer.from('of another tenant'))
    const deployment = profile.deployment && {
      ...profile.deployment,
      bucket: `s3://${bucket}/deploy`,
    }
    const given = { deploymentBucket: deploymentBucket({ ...profile, deployment }, [store]) }
    await expect(fetch(address, given)).rejects.toMatchObject({ code: 'SOURCE_NOT_ALLOWED' })
    const own: Credential = { kind: 'object', store: 'main', accessKeyId, secretAccessKey }
    expect((await fetch(address, { ...given, openCredential: keptAs(own) })).pin).toBeDefined()
    const beside = await users.put('deployed.zip', Buffer.from('for all'))
    expect((await fetch(beside, given)).pin).toBeDefined()
  })

  test('asks for the credential that the source names', async () => {
    const address = await users.put('named.zip', Buffer.from('named'))
    const asked: unknown[] = []
    const openCredential = (async (query: unknown) => {
      asked.push(query)
    }) as unknown as BuildContext['openCredential']
    await fetch(address, { openCredential }, { credential: 'team' } as object)
    expect(asked).toEqual([{ kind: 'object', store: 'main', name: 'team' }])
  })

  test('that was replaced is not built by a later attempt', async () => {
    const address = await users.put('moving.zip', Buffer.from('one'))
    const { pin } = await fetch(address)
    expect((await fetch(address, { pinned: pin })).pin).toEqual(pin)
    await users.put('moving.zip', Buffer.from('two'))
    await expect(fetch(address, { pinned: pin })).rejects.toMatchObject({ code: 'SOURCE_DIFFERS' })
    const lying = { ...(await fetch(address)).pin, sha256: 'a'.repeat(64) } as typeof pin
    await expect(fetch(address, { pinned: lying })).rejects.toMatchObject({
      code: 'SOURCE_DIFFERS',
    })
  })
})

/** Nothing of it may be read: rule object-size. */
describe('an object over the limit', () => {
  const limits = { ...profile.limits, packageBytesMax: 1000 }
  test('is refused by its head, before it is fetched, and one of exactly the limit is not', async () => {
    const small = { profile: { ...profile, limits } }
    await expect(fetch(await users.put('1001', Buffer.alloc(1001)), small)).rejects.toMatchObject({
      code: 'SOURCE_TOO_LARGE',
      message: `s3://${bucket}/1001 has 1001 bytes or more; at most 1000 are taken`,
    })
    expect((await fetch(await users.put('1000', Buffer.alloc(1000)), small)).content).toHaveLength(
      1000,
    )
  })
})

/** Rule object-address: each its own code. */
describe('the address of an object', () => {
  const elsewhere: ObjectStore = {
    ...store,
    name: 'far',
    region: 'far-away',
    buckets: ['far-code'],
  }
  test.each([
    [`s3://${bucket}/none.zip`, 'SOURCE_NOT_FOUND', /There is no object s3:/],
    ['s3://unnamed/a.zip', 'BUCKET_NOT_KNOWN', /Nothing is read from the bucket "unnamed"/],
    ['s3://vanished/a.zip', 'BUCKET_NOT_KNOWN', /The store "old" has no "vanished"/],
    ['s3://far-code/a.zip', 'REGION_DIFFERS', /is in the region "far-away"/],
    ['https://example.com/a.zip', 'BUCKET_NOT_KNOWN', /Nothing is read from/],
    ['a.zip', 'INVALID_REQUEST', /no address/],
  ])('that leads nowhere says why: %s', async (address, code, message) => {
    const old: ObjectStore = { ...store, name: 'old', buckets: ['vanished'] }
    await expect(fetch(address, { objectStores: [store, old, elsewhere] })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })
})
