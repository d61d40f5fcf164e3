import { posix } from 'node:path'
import { type Component, componentOf, type Described } from '../../component.ts'
import { textReader } from '../../text-of-entry.ts'
import type { Subject } from '../runtime.ts'
import { type DigestsOf, lockDigests } from './components/lock-digests.ts'
import { normalName } from './manifests/requirement.ts'

const METADATA = /(?:^|\/)[^/]+(?:\.dist-info\/METADATA|\.egg-info\/PKG-INFO)$/
const METADATA_BYTES_MAX = 4 * 1024 * 1024
const CLASSIFIER = /^License :: (?:OSI Approved :: )?(.+)$/

/**
 * Every distribution that left its metadata (Core metadata specifications of the PyPA), with what
 * the lock files have of its archive's digest.
 */
export async function components({ package: { archive } }: Subject): Promise<Component[]> {
  const paths = archive.entries.map(({ path }) => path)
  const described = paths.filter((path) => METADATA.test(path))
  if (described.length === 0) return []
  const read = textReader(archive)
  const digestsOf = await lockDigests(paths, read)
  const found: Component[] = []
  for (const path of described) {
    const wheel = await read(posix.join(posix.dirname(path), 'WHEEL'), METADATA_BYTES_MAX)
    const tags = headersOf(wheel ?? '').get('tag') ?? []
    const headers = headersOf((await read(path, METADATA_BYTES_MAX)) ?? '')
    const component = describe(headers, tags, digestsOf)
    if (component) found.push(component)
  }
  return found
}

function describe(
  headers: ReadonlyMap<string, string[]>,
  tags: readonly string[],
  digestsOf: DigestsOf,
): Component | undefined {
  const [name] = headers.get('name') ?? []
  const [version] = headers.get('version') ?? []
  if (name === undefined || name === '') return undefined
  const digests = version === undefined ? [] : digestsOf({ name, version, tags })
  return componentOf({
    type: 'pypi',
    name: normalName(name),
    version,
    licenses: licensesOf(headers),
    ...told(digests),
  })
}

/** One is the archive's; of several it is known that it is one of them. */
function told(digests: readonly string[]): Pick<Described, 'hashes' | 'properties'> {
  const [content, ...others] = digests
  if (content === undefined) return {}
  if (others.length === 0) return { hashes: [{ algorithm: 'SHA-256', content }] }
  return { properties: { 'packline:pypi:sha256-one-of': digests.join(' ') } }
}

/** The expression of PEP 639; before it the classifiers said more exactly than the free text. */
function licensesOf(headers: ReadonlyMap<string, string[]>): string[] {
  const expression = headers.get('license-expression')
  if (expression) return expression
  const classified = (headers.get('classifier') ?? []).flatMap(
    (text) => CLASSIFIER.exec(text)?.[1] ?? [],
  )
  if (classified.length > 0) return classified
  // Some put the whole text of the license here, of which only its first line is one.
  return (headers.get('license') ?? []).filter((text) => text !== '' && text !== 'UNKNOWN')
}

/** Header -> values, in lower case; they end at the first empty line. */
function headersOf(text: string): Map<string, string[]> {
  const headers = new Map<string, string[]>()
  for (const line of (text.split(/\r?\n\r?\n/, 1)[0] ?? '').split(/\r?\n/)) {
    const [, name = '', value = ''] = /^([A-Za-z-]+):\s*(.*)$/.exec(line) ?? []
    if (name === '') continue
    const key = name.toLowerCase()
    headers.set(key, [...(headers.get(key) ?? []), value])
  }
  return headers
}
