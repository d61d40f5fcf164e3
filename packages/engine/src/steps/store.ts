import type { BuildRequest, SplitPackage, StoredPackage } from '@packline/shared'
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

/** The package, and before it what was split off: a function never lacks what it needs. */
export async function store(packed: Package, order: Order, context: BuildContext): Promise<Stored> {
  const { request } = order
  const { split } = packed
  const components = await componentsOfAll(split ? [packed, split] : [packed], order, context)
  const apart = split && (await put(split, { type: 'dependency', function: split.name }, context))
  const own = await put(packed, request, context)
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

/** One PUT, under a key that its content names: a second run stores the same object. */
async function put(
  { file, format }: Package,
  request: Pick<BuildRequest, 'type' | 'function'>,
  context: BuildContext,
): Promise<StoredPackage> {
  const key = context.keyOfPackage(file, format, request)
  const content =
    'path' in file.content ? { path: file.content.path, size: file.size } : file.content
  await context.store.put(key, content, {
    sha256: file.sha256,
    contentType: format === 'jar' ? 'application/java-archive' : 'application/zip',
    signal: context.signal,
  })
  const { size, sha256, entries, unpackedSize } = file
  const address = context.store.address(key)
  return { key, address, format, size, sha256, entries, unpackedSize }
}
