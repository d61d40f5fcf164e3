import { fileURLToPath } from 'node:url'
import { PacklineError } from '@packline/shared'
import { folderStore } from './folder-store.ts'
import { type MinioOptions, minioStore } from './minio-store.ts'
import type { Store } from './store.ts'

const expected =
  's3+http://KEY:SECRET@host:port/bucket?region=REGION, the same with s3+https, or file:///folder'

/**
 * The store that an address in the configuration means. Throws INVALID_REQUEST for any other text;
 * no message holds the text itself, as it may hold a secret.
 */
export function storeFromUrl(
  text: string,
  options: Pick<MinioOptions, 'timeoutMs' | 'retries'> = {},
): Store {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url) throw refusal('is not a URL')
  switch (url.protocol) {
    case 'file:':
      return folderStore({ folder: folderOf(url) })
    case 's3+http:':
    case 's3+https:':
      return minioStore({ ...minioOptionsOf(url), ...options })
    default:
      throw refusal(`starts with "${url.protocol}"`)
  }
}

function folderOf(url: URL): string {
  if (url.hostname !== '') throw refusal(`names the machine "${url.hostname}"`)
  if (url.search !== '' || url.hash !== '') throw refusal('has a query or fragment')
  if (url.pathname === '/') throw refusal('names no folder')
  return fileURLToPath(url)
}

function minioOptionsOf(url: URL): MinioOptions {
  const bucket = url.pathname.slice(1).replace(/\/$/, '')
  if (url.hostname === '') throw refusal('names no host')
  if (url.username === '' || url.password === '') throw refusal('lacks the key or the secret')
  if (bucket === '') throw refusal('names no bucket')
  // What S3 allows, without dots, which break certificates.
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw refusal(`names the bucket "${bucket}", not 3 to 63 of a-z, 0-9 and "-"`)
  }
  const unknown = [...url.searchParams.keys()].find((name) => name !== 'region')
  if (unknown !== undefined) throw refusal(`has the unknown setting "${unknown}"`)
  return {
    endpoint: `${url.protocol.slice('s3+'.length)}//${url.host}`,
    bucket,
    region: url.searchParams.get('region') || 'us-east-1',
    accessKey: decode(url.username),
    secretKey: decode(url.password),
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw refusal('has a "%" in the key or the secret that is not written as %25', cause)
  }
}

function refusal(found: string, cause?: unknown): PacklineError {
  return new PacklineError(
    'INVALID_REQUEST',
    `The address of the object store ${found}; expected ${expected}`,
    {
      hint: 'Characters of the key and the secret such as / : @ % are written as %2F %3A %40 %25.',
      cause,
    },
  )
}
