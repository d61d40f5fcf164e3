import { objectPath } from './sign-request.ts'

export interface BucketAddress {
  /** Without a path. */
  endpoint: string
  bucket: string
  /** Whether the bucket stands in the path or in front of the host. */
  addressing: 'path' | 'host'
}

/** Where requests for the objects of a bucket go: to which server, by which path. */
export function addressedBucket({ endpoint, bucket, addressing }: BucketAddress): {
  origin: string
  pathOf(key: string): string
} {
  const url = new URL(endpoint)
  if (addressing === 'path') return { origin: url.origin, pathOf: (key) => objectPath(bucket, key) }
  url.host = `${bucket}.${url.host}`
  return { origin: url.origin, pathOf: (key) => objectPath(bucket, key).slice(bucket.length + 1) }
}
