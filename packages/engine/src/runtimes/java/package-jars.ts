import { posix } from 'node:path'
import type { Archive, ArchiveEntry } from '@packline/archive'
import { LIMITS, type Profile } from '@packline/shared'
import type { Package } from '../../package.ts'
import type { Subject } from '../runtime.ts'
import { CLASS_BYTES_MAX, type ClassFile, readClassFile } from './class-file.ts'
import { MANIFEST, openJar } from './jar.ts'
import { releaseOf } from './jdk.ts'

/** One place on the class path: a jar at the package's root, or the package that is a jar. */
export interface PackageJar {
  /**
   * Of the jar inside the ZIP, after `NAME@REVISION/` of a dependency package; undefined for a
   * package that is a jar.
   */
  path?: string
  archive: Archive
  /** The classes that a JVM of the release finds in it: name with dots -> entry. */
  classes: ReadonlyMap<string, ArchiveEntry>
  /** Of a dependency package that is attached to the function. */
  isAttached: boolean
}

/** A class and where it stands. */
export interface FoundClass {
  jar: PackageJar
  /** Of its file in the jar. */
  path: string
  /** Undefined for a file of more than CLASS_BYTES_MAX, which is no class. */
  bytes: Buffer | undefined
}

/** What the class path of a package holds, for looking at without running anything. */
export interface PackageJars {
  jars: readonly PackageJar[]
  /** Jars that can not be looked into: their paths. */
  closed: readonly string[]
  has(name: string): boolean
  /** Undefined where no jar has it. */
  find(name: string): Promise<FoundClass | undefined>
  /** What the class's file says of itself; undefined where there is none, or no class in it. */
  read(name: string): Promise<ClassFile | undefined>
  /** The names of the package's own classes, in Java's writing, nested ones left out. */
  classNames(): string[]
  close(): Promise<void>
}

const NESTED = /\$\d|(?:^|\.)(?:package|module)-info$/
const OF_RELEASE = /^META-INF\/versions\/(\d+)\/(.+)$/
const NO_CLASSES = /^(?:META-INF|BOOT-INF|WEB-INF)\//
const MANIFEST_BYTES_MAX = 1024 * 1024

/** Opens every jar at the root of the package and of those that are attached, one level deep. */
export async function openPackageJars(subject: Subject): Promise<PackageJars> {
  const { profile, request, dependencies } = subject
  const release = releaseOf(request)
  const closed: string[] = []
  const jars: PackageJar[] = []
  const opened: Archive[] = []
  for (const one of [subject.package, ...dependencies]) {
    const isAttached = 'revision' in one
    const folder = isAttached ? `${one.name}@${one.revision}/` : ''
    const add = async (archive: Archive, path?: string) => {
      jars.push({ path, archive, isAttached, classes: await classesOf(archive, release) })
    }
    if (one.archive.format === 'jar') await add(one.archive, folder.slice(0, -1) || undefined)
    for (const entry of one.archive.format === 'jar' ? [] : jarsAtRoot(one.archive)) {
      const inner = await openInner(entry, one, profile)
      if (inner) opened.push(inner)
      if (inner) await add(inner, folder + entry.path)
      else closed.push(folder + entry.path)
    }
  }
  const find = (name: string) => findClass(jars, name)
  return {
    jars,
    closed,
    has: (name) => jars.some(({ classes }) => classes.has(name)),
    find,
    read: async (name) => {
      const bytes = (await find(name))?.bytes
      return bytes && readClassFile(bytes)
    },
    classNames: () => {
      const own = jars.filter(({ isAttached }) => !isAttached)
      return own.flatMap(({ classes }) => [...classes.keys()].filter((name) => !NESTED.test(name)))
    },
    close: async () => {
      await Promise.all(opened.map((archive) => archive.close()))
    },
  }
}

/** The function's own jar is the smallest more often than not: it is looked into first. */
export function jarsAtRoot(archive: Archive): ArchiveEntry[] {
  return archive.entries
    .filter(({ path, kind }) => kind === 'file' && /^[^/]+\.jar$/i.test(path))
    .sort((a, b) => a.size - b.size)
}

/** Small ones from memory; the large are unpacked once, for this and for the load check. */
async function openInner(
  entry: ArchiveEntry,
  { archive, folder }: Pick<Package, 'archive' | 'folder'>,
  profile: Profile,
): Promise<Archive | undefined> {
  const isSmall = entry.size <= LIMITS.memoryTreeBytesMax
  const content = isSmall
    ? { bytes: await archive.read(entry.path, LIMITS.memoryTreeBytesMax) }
    : { path: posix.join(await folder(), entry.path) }
  return openJar(content, profile)
}

/**
 * In a multi-release jar (JEP 238) the newest of a class's files that is not newer than the JVM
 * counts; in any other, and for Java 8, META-INF/versions holds no classes.
 */
async function classesOf(
  archive: Archive,
  release: number,
): Promise<ReadonlyMap<string, ArchiveEntry>> {
  const isMulti = release > 8 && (await isMultiRelease(archive))
  const found = new Map<string, { entry: ArchiveEntry; since: number }>()
  for (const entry of archive.entries) {
    const { path, kind } = entry
    if (kind !== 'file' || !path.endsWith('.class')) continue
    const [, version = '0', inner = path] = OF_RELEASE.exec(path) ?? []
    const since = Number(version)
    if (since > 0 ? !isMulti || since < 9 || since > release : NO_CLASSES.test(path)) continue
    const name = inner.slice(0, -'.class'.length).replaceAll('/', '.')
    if ((found.get(name)?.since ?? -1) < since) found.set(name, { entry, since })
  }
  return new Map([...found].map(([name, { entry }]) => [name, entry]))
}

async function isMultiRelease(archive: Archive): Promise<boolean> {
  const manifest = archive.entries.find(({ path }) => path === MANIFEST)
  if (!manifest || manifest.size > MANIFEST_BYTES_MAX) return false
  const text = (await archive.read(MANIFEST, MANIFEST_BYTES_MAX)).toString('latin1')
  return /^Multi-Release:\s*true\s*$/im.test(text)
}

async function findClass(
  jars: readonly PackageJar[],
  name: string,
): Promise<FoundClass | undefined> {
  const jar = jars.find(({ classes }) => classes.has(name))
  const entry = jar?.classes.get(name)
  if (!jar || !entry) return undefined
  const { path, size } = entry
  if (size > CLASS_BYTES_MAX) return { jar, path, bytes: undefined }
  return { jar, path, bytes: await jar.archive.read(path, CLASS_BYTES_MAX) }
}
