import type { Archive, ArchiveEntry } from '@packline/archive'
import * as z from 'zod'
import { type Component, componentOf } from '../../component.ts'
import type { Subject } from '../runtime.ts'

const INSTALLED = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+\/package\.json$/
const MANIFEST_BYTES_MAX = 1024 * 1024
const LOCK_BYTES_MAX = 32 * 1024 * 1024

const license = z.union([z.string(), z.looseObject({ type: z.string() })])
const manifestSchema = z.looseObject({
  name: z.string().min(1),
  version: z.string().min(1),
  license: license.optional().catch(undefined),
  /** The form of before 2014, which some packages still have. */
  licenses: z.array(license).optional().catch(undefined),
})
const lockSchema = z.looseObject({
  packages: z.record(z.string(), z.looseObject({ integrity: z.string().optional() })),
})

/** Every package below a node_modules, with the digest that the lock file has of its archive. */
export async function components({ package: { archive } }: Subject): Promise<Component[]> {
  const manifests = archive.entries.filter(
    ({ path, kind, size }) => kind === 'file' && INSTALLED.test(path) && size <= MANIFEST_BYTES_MAX,
  )
  if (manifests.length === 0) return []
  const locked = archive.entries.find(({ path }) => path === 'package-lock.json')
  const lock = locked && (await readJson(archive, locked, LOCK_BYTES_MAX, lockSchema))
  const found: Component[] = []
  for (const entry of manifests) {
    const { path } = entry
    const manifest = await readJson(archive, entry, MANIFEST_BYTES_MAX, manifestSchema)
    const place = path.slice(0, -'/package.json'.length)
    const component = manifest && describe(manifest, lock?.packages[place]?.integrity)
    if (component) found.push(component)
  }
  return found
}

function describe(
  { name, version, license: one, licenses = [] }: z.output<typeof manifestSchema>,
  integrity: string | undefined,
): Component | undefined {
  const [scope, base] = name.startsWith('@') ? name.split('/', 2) : [undefined, name]
  const given = one === undefined ? licenses : [one]
  const sha512 = /^sha512-([A-Za-z0-9+/=]+)$/.exec(integrity ?? '')?.[1]
  return componentOf({
    type: 'npm',
    group: scope,
    name: base ?? name,
    version,
    licenses: given.map((text) => (typeof text === 'string' ? text : text.type)),
    hashes: sha512
      ? [{ algorithm: 'SHA-512', content: Buffer.from(sha512, 'base64').toString('hex') }]
      : undefined,
  })
}

/** Undefined for what is no file or malformed: a library's files are not ours to judge. */
async function readJson<T extends z.ZodType>(
  archive: Archive,
  { path, kind, size }: ArchiveEntry,
  bytesMax: number,
  schema: T,
): Promise<z.output<T> | undefined> {
  if (kind !== 'file' || size > bytesMax) return undefined
  const text = (await archive.read(path, bytesMax)).toString('utf8')
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
