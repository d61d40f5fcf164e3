import { createHash } from 'node:crypto'
import {
  type BuildRequest,
  type SplitPackage,
  STORE_KEYS,
  type StoredPackage,
} from '@packline/shared'
import type { Component } from '../component.ts'
import type { BuildContext } from '../context.ts'
import type { Package } from '../package.ts'
import type { Order } from '../runtimes/runtime.ts'
import { componentsOf, sbomOf } from '../sbom.ts'

/** What a build has made, where it lies, and what is in it. */
export interface Stored {
  package: StoredPackage
  split?: SplitPackage
  /** CycloneDX 1.6, JSON. */
  sbom: string
}

/**
 * The package, and before it what belongs to it: a function never lacks what was split off, nor a
 * package the source map that it names.
 */
export async function store(packed: Package, order: Order, context: BuildContext): Promise<Stored> {
  const { request } = order
  const { split } = packed
  const components = await componentsOfAll(split ? [packed, split] : [packed], order, context)
  const apart = split && (await put(split, { type: 'dependency', function: split.name }, context))
  const map = request.build.sourceMap ? packed.sourceMap : undefined
  const sourceMap = map && (await putMap(map, request, context))
  const own = { ...(await put(packed, request, context)), sourceMap }
  const sbom = sbomOf(request, own, components)
  if (!split || !apart) return { package: own, sbom }
  const { name, revision } = split
  return { package: own, split: { name, revision, package: apart }, sbom }
}

/** Of what was split off as well: the function is both. */
async function componentsOfAll(
  packages: readonly Package[],
  order: Order,
  { signal }: BuildContext,
): Promise<Component[]> {
  const all: Component[] = []
  for (const one of packages) {
    all.push(...(await componentsOf({ ...order, package: one, dependencies: [], signal })))
  }
  return all
}

/** One PUT, or two, under keys that the content names: a second run stores the same objects. */
async function put(
  { file, format }: Package,
  request: Pick<BuildRequest, 'type' | 'function'>,
  context: BuildContext,
): Promise<StoredPackage> {
  const key = await context.keyOfPackage(file, format, request)
  const content =
    'path' in file.content ? { path: file.content.path, size: file.size } : file.content
  const { size, sha256, entries, unpackedSize } = file
  const contentType = format === 'jar' ? 'application/java-archive' : 'application/zip'
  const options = { sha256, contentType, signal: context.signal }
  await context.store.put(key, content, options)
  const address = context.store.address(key)
  const stored = { key, address, format, size, sha256, entries, unpackedSize }
  const bucket = bucketFor(size, request, context)
  if (!bucket) return stored
  const copy = STORE_KEYS.deployed(context.tenant, request.function, sha256, format)
  await bucket.put(copy, content, options)
  return { ...stored, deployFrom: bucket.address(copy) }
}

/** Answers its key. */
async function putMap(
  bytes: Buffer,
  request: BuildRequest,
  { store, keyOfPackage, signal }: BuildContext,
): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const key = await keyOfPackage({ sha256 }, 'map', request)
  await store.put(key, { bytes }, { sha256, contentType: 'application/json', signal })
  return key
}

/** Where else a function's package goes that the platform takes from object storage alone. */
function bucketFor(
  size: number,
  { type }: Pick<BuildRequest, 'type'>,
  { deploymentBucket, profile }: BuildContext,
): BuildContext['deploymentBucket'] {
  const isDirect = size <= profile.limits.directDeployBytesMax
  return type === 'dependency' || isDirect ? undefined : deploymentBucket
}
