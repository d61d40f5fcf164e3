import { type Component, componentOf } from '../../component.ts'
import type { Subject } from '../runtime.ts'

const METADATA = /(?:^|\/)[^/]+(?:\.dist-info\/METADATA|\.egg-info\/PKG-INFO)$/
const METADATA_BYTES_MAX = 4 * 1024 * 1024
const CLASSIFIER = /^License :: (?:OSI Approved :: )?(.+)$/

/** Every distribution that left its metadata (Core metadata specifications of the PyPA). */
export async function components({ package: { archive } }: Subject): Promise<Component[]> {
  const found: Component[] = []
  for (const { path, kind, size } of archive.entries) {
    if (kind !== 'file' || !METADATA.test(path) || size > METADATA_BYTES_MAX) continue
    const text = (await archive.read(path, METADATA_BYTES_MAX)).toString('utf8')
    const component = describe(headersOf(text))
    if (component) found.push(component)
  }
  return found
}

function describe(headers: ReadonlyMap<string, string[]>): Component | undefined {
  const [name] = headers.get('name') ?? []
  const [version] = headers.get('version') ?? []
  if (name === undefined || name === '') return undefined
  // Names are equal whatever of "-", "_" and "." they are written with (PEP 503).
  const normalized = name.toLowerCase().replace(/[-_.]+/g, '-')
  return componentOf({ type: 'pypi', name: normalized, version, licenses: licensesOf(headers) })
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
