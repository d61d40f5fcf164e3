import { type ObjectStore, PacklineError, type Profile } from '@packline/shared'
import { type ObjectWriter, objectWriter } from '@packline/stores'

export interface DeploymentBucket extends ObjectWriter {
  /** Whether an object lies where all tenants' packages do. */
  holds(object: { bucket: string; key: string }): boolean
}

/**
 * The bucket that the profile names for packages which only deploy from there (rule package-size),
 * with the operator's own key. Throws INVALID_REQUEST where nothing could be deployed from it.
 */
export function deploymentBucket(
  { region, deployment }: Pick<Profile, 'region' | 'deployment'>,
  stores: readonly ObjectStore[],
): DeploymentBucket | undefined {
  if (deployment?.bucket === undefined) return undefined
  const [bucket = '', ...prefix] = deployment.bucket.slice('s3://'.length).split('/')
  const store = stores.find(({ buckets }) => buckets.includes(bucket))
  if (!store) {
    throw wrong(`no object store has the bucket "${bucket}"`, 'Name its store, with this bucket')
  }
  const { name, accessKeyId: accessKey, secretAccessKey: secretKey } = store
  if (store.region !== region) {
    const found = `the store "${name}" is in the region "${store.region}", functions in "${region}"`
    throw wrong(found, "Name a bucket of the profile's region, or mend the region of either")
  }
  if (accessKey === undefined || secretKey === undefined) {
    throw wrong(`the store "${name}" has no key`, 'Give it accessKeyId and secretAccessKey')
  }
  const writer = objectWriter({ ...store, bucket, accessKey, secretKey })
  const below = (key: string) => [...prefix, key].join('/')
  return {
    put: (key, content, options) => writer.put(below(key), content, options),
    address: (key) => writer.address(below(key)),
    close: writer.close,
    holds: (object) => object.bucket === bucket && isBelow(object.key, prefix),
  }
}

function isBelow(key: string, prefix: readonly string[]): boolean {
  const parts = key.split('/').filter((part) => part !== '')
  return prefix.every((part, at) => parts[at] === part)
}

function wrong(found: string, mend: string): PacklineError {
  const detail = `The profile's deployment bucket can not be used: ${found}`
  return new PacklineError('INVALID_REQUEST', detail, {
    at: 'deployment.bucket',
    hint: `${mend}: PACKLINE_OBJECT_STORES.`,
  })
}
