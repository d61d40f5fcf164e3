import { loadProfile } from '@packline/profiles'
import type { ObjectStore } from '@packline/shared'
import { expect, test } from 'vitest'
import { deploymentBucket } from './deployment-bucket.ts'

const { deployment } = await loadProfile('ctyun-functiongraph')
const STORE: ObjectStore = {
  name: 'main',
  endpoint: 'https://obs.east.example',
  region: 'east',
  buckets: ['team-code', 'deploy'],
  addressing: 'host',
  accessKeyId: 'id',
  secretAccessKey: 'secret-canary',
}

function bucketOf(bucket: string | undefined, stores: ObjectStore[] = [STORE], region = 'east') {
  return deploymentBucket({ region, deployment: deployment && { ...deployment, bucket } }, stores)
}

/** What an operator reads when a worker does not start. */
function said(...given: Parameters<typeof bucketOf>): unknown {
  try {
    return bucketOf(...given)
  } catch (error) {
    return error
  }
}

test('a profile that names no bucket has none, whatever stores there are', () => {
  expect(bucketOf(undefined)).toBeUndefined()
  expect(deploymentBucket({ region: 'east', deployment: undefined }, [STORE])).toBeUndefined()
})

test('objects lie below the prefix, at the address that functions take them from', () => {
  const at = (bucket: string, store = STORE) =>
    bucketOf(bucket, [store])?.address('one/hello/a.zip')
  expect(at('s3://deploy')).toBe('https://deploy.obs.east.example/one/hello/a.zip')
  expect(at('s3://deploy/a/b')).toBe('https://deploy.obs.east.example/a/b/one/hello/a.zip')
  const inPath = at('s3://deploy/a', { ...STORE, addressing: 'path' })
  expect(inPath).toBe('https://obs.east.example/deploy/a/one/hello/a.zip')
})

test('what lies below the prefix is known, however its key is written', () => {
  const holds = (key: string, prefix = '/a/b', bucket = 'deploy') =>
    bucketOf(`s3://deploy${prefix}`)?.holds({ bucket, key })
  expect(holds('a/b/one/hello/a.zip')).toBe(true)
  expect(holds('a//b/one/a.zip')).toBe(true)
  expect(holds('anything.zip', '')).toBe(true)
  expect(holds('a/bc/one/a.zip')).toBe(false)
  expect(holds('a/b/one/a.zip', '/a/b', 'team-code')).toBe(false)
})

test('a bucket that no store lists is refused by its name', () => {
  const lost = { code: 'INVALID_REQUEST', at: 'deployment.bucket' }
  const message = expect.stringMatching(/can not be used: no object store has the bucket "other"$/)
  const hint = expect.stringContaining('PACKLINE_OBJECT_STORES')
  expect(said('s3://other/deploy')).toMatchObject({ ...lost, message, hint })
  expect(said('s3://other', [])).toMatchObject({ ...lost, message })
})

test('a bucket of another region is refused: functions take nothing from there', () => {
  const message = expect.stringMatching(/"main" is in the region "east", functions in "west"$/)
  expect(said('s3://deploy', [STORE], 'west')).toMatchObject({ code: 'INVALID_REQUEST', message })
})

test("a store without the operator's key is refused: no tenant's key writes there", () => {
  const { accessKeyId: _id, secretAccessKey: _secret, ...bare } = STORE
  const message = expect.stringMatching(/the store "main" has no key$/)
  expect(said('s3://deploy', [bare])).toMatchObject({ code: 'INVALID_REQUEST', message })
})
