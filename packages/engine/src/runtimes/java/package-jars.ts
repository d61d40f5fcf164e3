import { posix } from 'node:path'
import type { Archive, ArchiveEntry } from '@packline/archive'
import { LIMITS } from '@packline/shared'
import type { Subject } from '../runtime.ts'
import { CLASS_BYTES_MAX, type ClassFile, readClassFile } from './class-file.ts'
import { classPathOf, openJar } from './jar.ts'

/** One place on the class path: a jar at the package's root, or the package that is a jar. */
export interface PackageJar {
  /** Of the jar inside the ZIP; undefined for a package that is a jar. */
  path?: string
  archive: Archive
}

/** What the class path of a package holds, for looking at without running anything. */
export interface PackageJars {
  jars: readonly PackageJar[]
  /** Jars that can not be looked into: their paths. */
  closed: readonly string[]
  /** Where a class stands and what its file says; undefined where no jar has it. */
  find(name: string): Promise<{ jar: PackageJar; path: string; file?: ClassFile } | undefined>
  /** The names of all classes, in Java's writing, nested ones left out. */
  classNames(): string[]
  close(): Promise<void>
}

const NESTED = /\$\d|\/(?:package|module)-info\.class$|^(?:META-INF|BOOT-INF|WEB-INF)\//

/** Opens every jar at the root, one level deep. */
export async function openPackageJars(subject: Subject): Promise<PackageJars> {
  const { archive } = subject.package
  const jars: PackageJar[] = archive.format === 'jar' ? [{ archive }] : []
  const closed: string[] = []
  for (const entry of archive.format === 'jar' ? [] : jarsAtRoot(archive)) {
    const opened = await openInner(entry, subject)
    if (opened) jars.push({ path: entry.path, archive: opened })
    else closed.push(entry.path)
  }
  return {
    jars,
    closed,
    find: (name) => find(jars, classPathOf(name)),
    classNames: () => jars.flatMap((jar) => classNamesOf(jar.archive)),
    close: async () => {
      const inner = jars.filter(({ path }) => path !== undefined)
      await Promise.all(inner.map((jar) => jar.archive.close()))
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
async function openInner(entry: ArchiveEntry, subject: Subject): Promise<Archive | undefined> {
  const { archive, folder } = subject.package
  const isSmall = entry.size <= LIMITS.memoryTreeBytesMax
  const content = isSmall
    ? { bytes: await archive.read(entry.path, LIMITS.memoryTreeBytesMax) }
    : { path: posix.join(await folder(), entry.path) }
  return openJar(content, subject.profile)
}

async function find(jars: readonly PackageJar[], path: string) {
  for (const jar of jars) {
    const entry = jar.archive.entries.find((one) => one.path === path)
    if (!entry) continue
    if (entry.size > CLASS_BYTES_MAX) return { jar, path }
    return { jar, path, file: readClassFile(await jar.archive.read(path, CLASS_BYTES_MAX)) }
  }
  return undefined
}

function classNamesOf({ entries }: Archive): string[] {
  return entries
    .filter(({ path }) => path.endsWith('.class') && !NESTED.test(path))
    .map(({ path }) => path.slice(0, -'.class'.length).replaceAll('/', '.'))
}
