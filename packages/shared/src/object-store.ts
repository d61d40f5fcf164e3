import * as z from 'zod'
import { storeNameSchema } from './credential.ts'
import { type FailureWords, failed, type PacklineError } from './failure.ts'

const bucketSchema = z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, {
  error: 'must be the name of a bucket',
})

/** An object store that sources may lie in, as the operator names it. */
const objectStoreSchema = z
  .strictObject({
    name: storeNameSchema,
    /** Without a path; where its server is, may be private. */
    endpoint: z
      .url({ protocol: /^https?$/ })
      .refine((text) => /^https?:\/\/[^/@?#]+\/?$/.test(text), { error: 'must have no path' }),
    region: z.string().min(1).max(64),
    buckets: z.array(bucketSchema).min(1),
    /** Whether requests name the bucket in the path or in front of the host. */
    addressing: z.enum(['path', 'host']).default('path'),
    /** The operator's own key, for tenants that keep none. */
    accessKeyId: z.string().min(1).optional(),
    secretAccessKey: z.string().min(1).optional(),
  })
  .refine((store) => (store.accessKeyId === undefined) === (store.secretAccessKey === undefined), {
    error: 'must have both accessKeyId and secretAccessKey, or neither',
  })
export type ObjectStore = z.output<typeof objectStoreSchema>

const objectStoresSchema = z
  .array(objectStoreSchema)
  .refine((stores) => new Set(stores.map(({ name }) => name)).size === stores.length, {
    error: 'must not name two stores alike',
  })

/** All of them as one variable of the environment: JSON, a list. */
export const objectStoresVariable = z
  .string()
  .default('[]')
  .transform((text, { addIssue }): unknown => {
    try {
      return text === '' ? [] : JSON.parse(text)
    } catch {
      addIssue('must be JSON')
      return z.NEVER
    }
  })
  .pipe(objectStoresSchema)

/** Where an object lies. */
export interface ObjectPlace {
  store: ObjectStore
  bucket: string
  key: string
}

const KEY_CHARACTERS_MAX = 1024

/**
 * Finds the store that an address (rule object-address) is of. Throws INVALID_REQUEST for what is
 * no address, BUCKET_NOT_KNOWN, and REGION_DIFFERS where the store is not in the functions' region.
 */
export function locateObject(
  address: string,
  stores: readonly ObjectStore[],
  region: string,
): ObjectPlace {
  const found = /^s3:\/\//i.test(address) ? inScheme(address, stores) : inHost(address, stores)
  const { store, bucket, key } = found
  if (store === undefined) {
    const detail = {
      en: `Nothing is read from the bucket "${bucket}"`,
      zh: `没有配置读取存储桶 "${bucket}"`,
    }
    throw failed('BUCKET_NOT_KNOWN', { detail }, AT)
  }
  checkKey(key)
  checkRegion(store.region, region, bucket)
  return { store, bucket, key }
}

/** `of`: the region that the bucket is said to be in. */
export function checkRegion(of: string, region: string, bucket: string): void {
  if (of === region) return
  const detail = {
    en: `The bucket "${bucket}" is in the region "${of}"; functions are in "${region}"`,
    zh: `存储桶 "${bucket}" 在区域 "${of}"；函数在 "${region}"`,
  }
  throw failed('REGION_DIFFERS', { detail }, AT)
}

interface Found {
  store: ObjectStore | undefined
  bucket: string
  key: string
}

const AT = { at: 'source.address' }

function inScheme(address: string, stores: readonly ObjectStore[]): Found {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/(.*)$/is.exec(address) ?? []
  if (bucket === '' || bucket.includes('@')) throw noAddress()
  return { store: stores.find(({ buckets }) => buckets.includes(bucket)), bucket, key }
}

/** Both forms that stores have, whichever of them requests take. */
function inHost(address: string, stores: readonly ObjectStore[]): Found {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw noAddress()
  }
  if (url.search !== '' || url.hash !== '') {
    throw noAddress(SIGNED)
  }
  const path = decoded(url.pathname.slice(1))
  const slash = path.indexOf('/')
  for (const store of stores) {
    const { host } = new URL(store.endpoint)
    if (url.host === host) {
      const bucket = slash < 0 ? path : path.slice(0, slash)
      const key = slash < 0 ? '' : path.slice(slash + 1)
      // Several stores may be names for one server, each with buckets of its own.
      const same = stores.filter((other) => new URL(other.endpoint).host === host)
      return { store: same.find(({ buckets }) => buckets.includes(bucket)), bucket, key }
    }
    const bucket = url.host.endsWith(`.${host}`) ? url.host.slice(0, -host.length - 1) : undefined
    if (bucket !== undefined && store.buckets.includes(bucket)) return { store, bucket, key: path }
  }
  return { store: undefined, bucket: url.host, key: path }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw noAddress()
  }
}

function checkKey(key: string): void {
  const isPlain = key !== '' && key.length <= KEY_CHARACTERS_MAX && key.isWellFormed()
  const dots = key.split('/').some((part) => part === '.' || part === '..')
  if (isPlain && !dots && !/[\u0000-\u001f\u007f]/.test(key)) return
  throw noAddress(NO_OBJECT)
}

function noAddress(words: FailureWords = NO_ADDRESS): PacklineError {
  return failed('INVALID_REQUEST', words, AT)
}

const NO_ADDRESS: FailureWords = {
  detail: { en: 'This is no address of an object', zh: '这不是对象的地址' },
  hint: {
    en: "Give s3://bucket/key, or the store's http(s) address of the object.",
    zh: '请给出 s3://bucket/key，或存储中该对象的 http(s) 地址。',
  },
}
const SIGNED: FailureWords = {
  detail: { en: 'The address of an object has no query', zh: '对象的地址不能带查询参数' },
  hint: { en: 'A signed address is a source "url".', zh: '签名地址请用 "url" 类型的源代码。' },
}
const NO_OBJECT: FailureWords = {
  detail: { en: 'The address names no object', zh: '该地址没有指明对象' },
  hint: {
    en: 'Give the whole key: s3://bucket/key.',
    zh: '请给出完整的键：s3://bucket/key。',
  },
}
