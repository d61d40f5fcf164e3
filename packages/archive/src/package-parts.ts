import { PacklineError } from '@packline/shared'
import { checkEntryPath } from './entry-name.ts'
import { checkLinks, parseLinkTarget } from './links.ts'
import type { PackageContent, PackageEntry } from './package-entry.ts'
import { createPathRegister } from './path-register.ts'
import { createPause } from './pause.ts'
import { quote } from './refusal.ts'

/** One entry of the ZIP to be, in the order in which it is written. */
export interface PackagePart {
  path: string
  kind: 'file' | 'link' | 'folder'
  /** With the file type, as the ZIP has it. */
  mode: number
  size: number
  content: PackageContent
  /** Stored, not deflated. */
  stored: boolean
}

const MODES = { folder: 0o040755, file: 0o100644, executable: 0o100755, link: 0o120777 }
const NOTHING = Buffer.alloc(0)
const MANIFEST = 'META-INF/MANIFEST.MF'

/**
 * Sorts entries by path in UTF-16 code units, so that neither file systems nor locales have a say,
 * and refuses as ARCHIVE_REFUSED what the gate would refuse in the finished archive.
 */
export async function planParts(
  entries: Iterable<PackageEntry>,
  jar: boolean,
  signal: AbortSignal | undefined,
): Promise<PackagePart[]> {
  const pause = createPause(signal)
  const register = createPathRegister()
  const links = new Map<string, string>()
  const parts: PackagePart[] = []
  for (const entry of entries) {
    const tired = pause()
    if (tired) await tired
    checkEntryPath(entry.path)
    register.add(entry.path, entry.kind ?? 'file')
    const target = entry.kind === 'link' ? targetOf(entry) : undefined
    if (target !== undefined) links.set(entry.path, target)
    parts.push(target === undefined ? filePart(entry, jar) : linkPart(entry.path, target))
  }
  if (links.size > 0) await checkLinks(links, pause)
  if (jar) parts.push(...folderParts(parts))
  return parts.sort(jar ? byJarOrder : byPath)
}

function filePart(entry: PackageEntry, jar: boolean): PackagePart {
  const { path, size, content, executable } = entry
  // Spring Boot's loader only opens nested jars that are stored.
  const stored = jar && path.endsWith('.jar')
  const mode = executable ? MODES.executable : MODES.file
  return { path, kind: 'file', mode, size, content, stored }
}

function linkPart(path: string, target: string): PackagePart {
  const content = Buffer.from(target)
  return { path, kind: 'link', mode: MODES.link, size: content.length, content, stored: true }
}

function targetOf(entry: PackageEntry): string {
  if (entry.linkTarget !== undefined) {
    return parseLinkTarget(entry.path, Buffer.from(entry.linkTarget))
  }
  if (Buffer.isBuffer(entry.content)) return parseLinkTarget(entry.path, entry.content)
  throw new PacklineError('BUG', `The link ${quote(entry.path)} came without its target`)
}

/** A JAR has folder entries: class path scanners such as Spring's find packages by them. */
function folderParts(parts: readonly PackagePart[]): PackagePart[] {
  const folders = new Set<string>()
  for (const { path } of parts) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end)
      if (folders.has(folder)) break
      folders.add(folder)
    }
  }
  const rest = {
    kind: 'folder',
    mode: MODES.folder,
    size: 0,
    content: NOTHING,
    stored: true,
  } as const
  return [...folders].map((path) => ({ path: `${path}/`, ...rest }))
}

function byPath(a: PackagePart, b: PackagePart): number {
  if (a.path === b.path) return 0
  return a.path < b.path ? -1 : 1
}

/** java.util.jar.JarInputStream finds the manifest as first or, after its folder, second entry. */
function byJarOrder(a: PackagePart, b: PackagePart): number {
  const rank = (path: string) => (path === 'META-INF/' ? 0 : path === MANIFEST ? 1 : 2)
  return rank(a.path) - rank(b.path) || byPath(a, b)
}
