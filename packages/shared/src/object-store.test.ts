import { describe, expect, it } from 'vitest'
import { locateObject, objectStoresVariable } from './object-store.ts'

const STORES = objectStoresVariable.parse(
  JSON.stringify([
    {
      name: 'main',
      endpoint: 'https://obs.east.example',
      region: 'east',
      buckets: ['code', 'libs'],
    },
    { name: 'own', endpoint: 'http://127.0.0.1:9000', region: 'east', buckets: ['lab'] },
    { name: 'far', endpoint: 'https://obs.west.example', region: 'west', buckets: ['away'] },
  ]),
)
const located = (address: string) => {
  const { store, bucket, key } = locateObject(address, STORES, 'east')
  return [store.name, bucket, key]
}

describe('the address of an object', () => {
  it.each([
    ['s3://code/a/b.zip', ['main', 'code', 'a/b.zip']],
    ['S3://lab/ü %41.zip', ['own', 'lab', 'ü %41.zip']],
    ['https://obs.east.example/code/a/b.zip', ['main', 'code', 'a/b.zip']],
    ['https://code.obs.east.example/a/b.zip', ['main', 'code', 'a/b.zip']],
    ['https://CODE.obs.east.example/%C3%BC%20%2541.zip', ['main', 'code', 'ü %41.zip']],
    ['http://127.0.0.1:9000/lab/x.zip', ['own', 'lab', 'x.zip']],
  ])('has two forms: %s', (address, place) => {
    expect(located(address)).toEqual(place)
  })

  it.each([
    ['s3://other/a.zip', 'BUCKET_NOT_KNOWN'],
    ['https://obs.east.example/other/a.zip', 'BUCKET_NOT_KNOWN'],
    ['https://other.obs.east.example/a.zip', 'BUCKET_NOT_KNOWN'],
    ['https://obs.north.example/code/a.zip', 'BUCKET_NOT_KNOWN'],
    ['https://code.obs.east.example.evil.test/a.zip', 'BUCKET_NOT_KNOWN'],
    ['http://127.0.0.1:9001/lab/x.zip', 'BUCKET_NOT_KNOWN'],
    ['s3://away/a.zip', 'REGION_DIFFERS'],
    ['https://away.obs.west.example/a.zip', 'REGION_DIFFERS'],
    ['s3://code', 'INVALID_REQUEST'],
    ['s3://code/', 'INVALID_REQUEST'],
    ['s3:///a.zip', 'INVALID_REQUEST'],
    ['s3://key:secret@code/a.zip', 'INVALID_REQUEST'],
    ['s3://code/../libs/a.zip', 'INVALID_REQUEST'],
    ['s3://code/a\nb', 'INVALID_REQUEST'],
    [`s3://code/${'a'.repeat(1025)}`, 'INVALID_REQUEST'],
    ['https://key:secret@obs.east.example/code/a.zip', 'INVALID_REQUEST'],
    ['https://obs.east.example/code/a.zip?X-Amz-Signature=1', 'INVALID_REQUEST'],
    ['https://obs.east.example/code/%2e%2e%2fa.zip', 'INVALID_REQUEST'],
    ['https://obs.east.example/code/%E0%A4%A', 'INVALID_REQUEST'],
    ['ftp://obs.east.example/code/a.zip', 'INVALID_REQUEST'],
    ['code/a.zip', 'INVALID_REQUEST'],
  ])('%s is refused as %s', (address, code) => {
    expect(() => located(address)).toThrow(expect.objectContaining({ code, at: 'source.address' }))
    expect(() => located(address)).not.toThrow(/secret|Signature/)
  })
})

describe('the stores that are read from', () => {
  it('are none where nobody names any', () => {
    for (const nothing of [undefined, '', '[]']) {
      expect(objectStoresVariable.parse(nothing)).toEqual([])
    }
  })

  const one = { name: 'main', endpoint: 'https://a.example', region: 'east', buckets: ['code'] }
  it.each([
    ['[', 'must be JSON'],
    [JSON.stringify([one, one]), 'must not name two stores alike'],
    [JSON.stringify([{ ...one, endpoint: 'https://a.example/x' }]), 'must have no path'],
    [JSON.stringify([{ ...one, endpoint: 'https://a:b@a.example' }]), 'must have no path'],
    [JSON.stringify([{ ...one, buckets: [] }]), ''],
    [JSON.stringify([{ ...one, buckets: ['No/Bucket'] }]), 'must be the name of a bucket'],
    [JSON.stringify([{ ...one, accessKeyId: 'a' }]), 'must have both'],
    [JSON.stringify([{ ...one, password: 'a' }]), ''],
  ])('are refused where they make no sense: %s', (text, message) => {
    const { success, error } = objectStoresVariable.safeParse(text)
    expect(success).toBe(false)
    expect(error?.message).toContain(message)
  })
})
