import type { BuildRequest, Finding } from '@packline/shared'
import { finding } from '../../finding.ts'
import { readStart } from '../../read-start.ts'
import { javaReleaseTexts } from '../../texts/java-release.ts'
import { readRelease } from './constant-pool.ts'
import { releaseOf } from './jdk.ts'
import type { PackageJar, PackageJars } from './package-jars.ts'
import type { Walk } from './walk-classes.ts'

/** Classes that nothing leads to are looked at by their first bytes, so many of them. */
const STARTS_MAX = 30_000
const AT_ONCE = 32
const START_BYTES = 8

interface Newer {
  name: string
  release: number
  isReached: boolean
}

/**
 * Rule java-release: a class that the function leads to must not be newer than its Java. Of others,
 * a jar that is newer as a whole is a warning, and single classes, which libraries keep for newer
 * JVMs and look for by name, a note.
 */
export async function newerClasses(
  walk: Walk,
  { jars }: PackageJars,
  request: BuildRequest,
): Promise<Finding[]> {
  const release = releaseOf(request)
  const findings: Finding[] = []
  let left = STARTS_MAX
  for (const jar of jars) {
    const rest = [...jar.classes.keys()].filter((name) => !isWalked(name, jar, walk))
    const starts = await releasesOf(rest.slice(0, Math.max(0, left)), jar)
    left -= rest.length
    const reached = [...walk.classes.values()].filter((one) => one.jar === jar)
    const newer: Newer[] = [
      ...reached.map(({ name, release: of }) => ({ name, release: of, isReached: true })),
      ...starts.map((one) => ({ ...one, isReached: false })),
    ].filter((one) => one.release > release)
    const finding = findingOf(newer, jar, release)
    if (finding) findings.push(finding)
  }
  return findings
}

function isWalked(name: string, jar: PackageJar, { classes }: Walk): boolean {
  return classes.get(name)?.jar === jar || /(?:^|\.)(?:module|package)-info$/.test(name)
}

async function releasesOf(names: readonly string[], jar: PackageJar) {
  const found: { name: string; release: number }[] = []
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE)
    const read = await Promise.all(
      some.map(async (name) => ({ name, release: await startOf(name, jar) })),
    )
    for (const { name, release } of read) if (release !== undefined) found.push({ name, release })
  }
  return found
}

async function startOf(name: string, { archive, classes }: PackageJar) {
  const entry = classes.get(name)
  return entry && readRelease(await readStart(archive, entry.path, START_BYTES))
}

function findingOf(newer: readonly Newer[], jar: PackageJar, release: number): Finding | undefined {
  const first = newer.find(({ isReached }) => isReached) ?? newer[0]
  if (!first) return undefined
  const isAll = newer.length === jar.classes.size
  const level = first.isReached ? 'error' : isAll ? 'warning' : 'note'
  const { name, release: of } = first
  const said = javaReleaseTexts.newer(name, jar.path, of, newer.length - 1, release)
  const path = jar.path ?? jar.classes.get(name)?.path
  return finding('java-release', level, said, { path })
}
