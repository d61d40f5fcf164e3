import { join, posix } from 'node:path'
import type { Finding, Words } from '@packline/shared'
import { type ElfNeeds, readElfNeeds } from '../elf-needs.ts'
import { finding, type Said } from '../finding.ts'
import type { Subject } from '../runtimes/runtime.ts'
import { targetLibcTexts } from '../texts/target-libc.ts'
import { andMore, verbatim } from '../words.ts'
import { nativeFiles } from './native-files.ts'
import { otherPlatforms } from './other-platforms.ts'
import type { Rule } from './rule.ts'

/** Native files must not need a newer C library, nor others than there are (part 2). */
export const targetLibc: Rule = {
  id: 'target-libc',
  check: async (subject) => {
    const files = await readNeeds(subject)
    const known = knownOf(subject, files)
    const lacking = files.map((file) => ({ ...file, lacks: lacksOf(file, known) }))
    // Who mends it mends a library, not each of its files.
    const owners = [...Map.groupBy(lacking, ({ path }) => ownerOf(path))]
    return owners.flatMap(([owner, some]) => [
      ...tooNew(owner, some, known, subject),
      ...missing(owner, some, subject),
    ])
  },
}

interface NativeNeeds extends ElfNeeds {
  path: string
}

/** What a file needs and the platform is not known to have. */
interface Lacks {
  /** Kind of version, such as GLIBC -> the newest that is needed of it. */
  versions: ReadonlyMap<string, string>
  libraries: readonly string[]
}

/** Of the files for the package's architecture; others are told by target-arch. */
async function readNeeds({ package: packed, request }: Subject): Promise<NativeNeeds[]> {
  const native = (await nativeFiles(packed.archive)).filter(({ elf }) => {
    return elf?.machine === request.architecture && elf.bits === 64
  })
  const found: NativeNeeds[] = []
  for (const { path } of native) {
    const needs = await readElfNeeds(join(await packed.folder(), path))
    if (needs) found.push({ path, ...needs })
  }
  return withoutOthers(found)
}

/** Made for the C library of Alpine Linux. */
const MUSL = /^(libc\.musl-|ld-musl-)/

/** Libraries bring a file for musl beside the one for glibc, and load the fitting one. */
function withoutOthers(files: readonly NativeNeeds[]): NativeNeeds[] {
  const isMusl = ({ interpreter = '', libraries }: NativeNeeds) => {
    return [posix.basename(interpreter), ...libraries].some((name) => MUSL.test(name))
  }
  const others = otherPlatforms()
  for (const file of files) if (!isMusl(file)) others.right(file.path)
  return files.filter((file) => !isMusl(file) || !others.isHarmless(file.path))
}

/** What the platform has, and what the package or its dependencies bring, wherever it lies. */
interface Known {
  libraries: ReadonlySet<string>
  own: ReadonlySet<string>
  /** Kind of version -> the newest, such as GLIBC -> "2.17". */
  newest: Readonly<Record<string, string>>
  codeRoot: string
}

function knownOf(subject: Subject, files: readonly NativeNeeds[]): Known {
  const { profile, package: packed, dependencies } = subject
  const archives = [packed, ...dependencies].map(({ archive }) => archive)
  const names = archives.flatMap(({ entries }) => entries.map(({ path }) => posix.basename(path)))
  const sonames = files.flatMap(({ soname }) => soname ?? [])
  return {
    libraries: new Set(profile.libraries.names),
    own: new Set([...names, ...sonames]),
    newest: { ...profile.libraries.versions, GLIBC: profile.glibc.version },
    codeRoot: profile.codeRoot,
  }
}

function lacksOf(file: NativeNeeds, known: Known): Lacks {
  const { libraries, own, newest } = known
  const isOwn = (library: string) => own.has(posix.basename(library))
  // What the package brings itself is as new as it is.
  const foreign = [...file.versions].filter(([library]) => !isOwn(library))
  const versions = new Map<string, string>()
  for (const name of foreign.flatMap(([, names]) => names)) {
    const [kind, version] = versionOf(name)
    const most = versions.get(kind) ?? newest[kind]
    if (most !== undefined && isNewer(version, most)) versions.set(kind, version)
  }
  const absent = file.libraries.filter((library) => {
    return !isOwn(library) && !libraries.has(posix.basename(library))
  })
  return { versions, libraries: [...absent, ...foreignLoader(file, known)] }
}

/** glibc marks what came with 2.36 by this name. */
const RELATIVE_RELOCATIONS = 'GLIBC_ABI_DT_RELR'

/** "GLIBC_2.14" in its two parts; a version without a number is none. */
function versionOf(name: string): [kind: string, version: string] {
  if (name === RELATIVE_RELOCATIONS) return ['GLIBC', '2.36']
  const [, kind = '', version = ''] = /^([A-Z]+)_(\d+(?:\.\d+)*)$/.exec(name) ?? []
  return [kind, version]
}

function isNewer(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => text.split('.').map(Number))
  const length = Math.max(a?.length ?? 0, b?.length ?? 0)
  const differs = Array.from({ length }, (_, at) => (a?.[at] ?? 0) - (b?.[at] ?? 0))
  return (differs.find((difference) => difference !== 0) ?? 0) > 0
}

/** The kernel starts a program's loader by its full path. */
function foreignLoader({ interpreter }: NativeNeeds, { libraries, codeRoot }: Known): string[] {
  if (interpreter === undefined || interpreter.startsWith(`${codeRoot}/`)) return []
  const isSystems = /^\/(usr\/)?lib(64)?\/[^/]+$/.test(interpreter)
  return isSystems && libraries.has(posix.basename(interpreter)) ? [] : [interpreter]
}

type Lacking = NativeNeeds & { lacks: Lacks }

/** npm's package, or what stands at the root: a wheel's libraries lie beside it in NAME.libs. */
function ownerOf(path: string): string {
  const inside = path.split('node_modules/').at(-1) ?? path
  const [first = '', second] = inside.split('/')
  return first.startsWith('@') ? `${first}/${second}` : first.replace(/\.libs$/, '')
}

function tooNew(owner: string, files: readonly Lacking[], known: Known, subject: Subject) {
  const some = files.filter(({ lacks }) => lacks.versions.size > 0)
  const newest = new Map<string, string>()
  for (const [kind, version] of some.flatMap(({ lacks }) => [...lacks.versions])) {
    if (isNewer(version, newest.get(kind) ?? '0')) newest.set(kind, version)
  }
  const needed = [...newest].map(([kind, version]) => inWords(kind, version))
  const had = [...newest.keys()].map((kind) => inWords(kind, known.newest[kind]))
  const { profile, request } = subject
  const isGo = request.runtime === 'go'
  return told(owner, some, subject, (what) => {
    return targetLibcTexts.tooNew(what, needed, had, profile.title, isGo)
  })
}

function missing(owner: string, files: readonly Lacking[], subject: Subject) {
  const some = files.filter(({ lacks }) => lacks.libraries.length > 0)
  const names = [...new Set(some.flatMap(({ lacks }) => lacks.libraries))]
  const isMusl = names.some((name) => MUSL.test(posix.basename(name)))
  return told(owner, some, subject, (what) => {
    return targetLibcTexts.missing(what, names, subject.profile.title, isMusl)
  })
}

/** One for all files of an owner, none where there is no file. */
function told(
  owner: string,
  files: readonly Lacking[],
  { profile }: Subject,
  text: (what: Words) => Said,
): Finding[] {
  const [first, ...more] = files
  if (!first) return []
  const { path } = first
  const others = andMore(more.length)
  const what =
    owner === path
      ? verbatim(path)
      : { en: `${owner} (${path}${others.en})`, zh: `${owner}（${path}${others.zh}）` }
  return [finding('target-libc', profile.glibc.level, text(what), { path })]
}

function inWords(kind: string, version: string | undefined): string {
  return kind === 'GLIBC' ? `glibc ${version}` : `${kind}_${version}`
}
