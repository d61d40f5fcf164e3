import * as z from 'zod'
import { type Component, componentOf } from '../../../component.ts'
import type { ReadText } from '../../../text-of-entry.ts'
import { type DigestOf, lockDigests } from './lock-digests.ts'

const MANIFEST_BYTES_MAX = 1024 * 1024

const license = z.union([z.string(), z.looseObject({ type: z.string() })])
const manifestSchema = z.looseObject({
  name: z.string().min(1),
  version: z.string().min(1),
  license: license.optional().catch(undefined),
  /** The form of before 2014, which some packages still have. */
  licenses: z.array(license).optional().catch(undefined),
})

/** What packages are by their package.json, with the digests that the lock files have of them. */
export async function npmComponents(
  manifests: readonly string[],
  read: ReadText,
): Promise<Component[]> {
  if (manifests.length === 0) return []
  const digestOf = await lockDigests(read)
  const found: Component[] = []
  for (const path of manifests) {
    const manifest = parse(await read(path, MANIFEST_BYTES_MAX))
    const component = manifest && describe(manifest, digestOf)
    if (component) found.push(component)
  }
  return found
}

function describe(
  { name, version, license: one, licenses = [] }: z.output<typeof manifestSchema>,
  digestOf: DigestOf,
): Component | undefined {
  const [scope, base] = name.startsWith('@') ? name.split('/', 2) : [undefined, name]
  const given = one === undefined ? licenses : [one]
  const sha512 = digestOf(name, version)
  return componentOf({
    type: 'npm',
    group: scope,
    name: base ?? name,
    version,
    licenses: given.map((text) => (typeof text === 'string' ? text : text.type)),
    hashes: sha512 === undefined ? undefined : [{ algorithm: 'SHA-512', content: sha512 }],
  })
}

/** Undefined for what is no file or malformed: a library's files are not ours to judge. */
function parse(manifest: string | undefined): z.output<typeof manifestSchema> | undefined {
  try {
    return manifestSchema.safeParse(JSON.parse(manifest ?? '')).data
  } catch {
    return undefined
  }
}
