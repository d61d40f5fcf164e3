import { loadProfile } from '@packline/profiles'
import { buildRequestSchema, dependencyRequestSchema } from '@packline/shared'
import { expect, test } from 'vitest'
import { type Known, takeIn, takeInDependency } from './take-in.ts'

const profile = await loadProfile('ctyun-functiongraph')
const store = { name: 'main', endpoint: 'https://obs.test', addressing: 'path' } as const
const STORES = [
  { ...store, region: profile.region, buckets: ['code'] },
  { ...store, name: 'far', region: 'far-away', buckets: ['far-code'] },
]

function asked(address: string, objectStores?: Known['objectStores'], isDependency = false) {
  const source = { kind: 'object', address } as const
  const known = { profile, objectStores } as unknown as Known
  if (isDependency) {
    const dependency = dependencyRequestSchema.parse({ name: 'libs', runtime: 'nodejs', source })
    return takeInDependency(dependency, 'one', known)
  }
  const hello = { function: 'hello', runtime: 'nodejs', handler: 'index.handler', source }
  return takeIn([buildRequestSchema.parse(hello)], { tenant: 'one', as: 'build' }, known)
}

test('an object in a bucket that is read from is taken in, and any where no stores are known', async () => {
  expect(await asked('s3://code/a.zip', STORES)).toMatchObject([{ queue: 'nodejs' }])
  expect(await asked('s3://other/a.zip')).toMatchObject([{ queue: 'nodejs' }])
})

test.each([
  ['s3://other/a.zip', 'BUCKET_NOT_KNOWN'],
  ['s3://far-code/a.zip', 'REGION_DIFFERS'],
  ['no address', 'INVALID_REQUEST'],
])(
  '%s is refused before there is a build, also for a dependency package',
  async (address, code) => {
    const refusal = { code, at: 'source.address' }
    await expect(asked(address, STORES)).rejects.toMatchObject(refusal)
    await expect(asked(address, STORES, true)).rejects.toMatchObject(refusal)
    await expect(asked(address, [])).rejects.toMatchObject({ at: 'source.address' })
  },
)
