import { queueOf } from '@packline/shared'
import { type MissingTool, missing } from './missing.ts'
import type { Tools } from './tool.ts'

/** The oldest release that javac compiles for, of all JDKs from 8 to 25. */
const OLDEST_RELEASE = 8

/** The part of a profile that matters here. */
interface JavaVersions {
  runtimes: { java?: { versions: readonly { version: string }[] } }
}

/**
 * The queues whose builds this worker can take. A Python without pip takes Python builds too: most
 * functions have no dependencies, and a build that has says what the worker lacks. With a profile,
 * only queues of versions that the platform has.
 */
export function queuesOf(tools: Tools, profile?: JavaVersions): string[] {
  const queues = [queueOf('nodejs', ''), queueOf('custom', '')]
  if (tools.pythons.length > 0 || tools.uv) queues.push(queueOf('python', ''))
  if (tools.go) queues.push(queueOf('go', ''))
  const wanted = profile && versionsOf(profile).map(Number)
  const releases = releasesOf(tools).filter((release) => wanted?.includes(release) ?? true)
  return [...queues, ...releases.map((release) => queueOf('java', String(release)))]
}

/**
 * Why this worker takes none of a queue's builds, in one line for people, by queue; only queues of
 * the profile that it does not take.
 */
export function lacksOf(tools: Tools, profile: JavaVersions): Record<string, string> {
  const taken = queuesOf(tools, profile)
  const lacks = [
    ['python', said('python')],
    ['go', said('go')],
    ...versionsOf(profile).map((version) => [queueOf('java', version), lackOfJdk(tools, version)]),
  ] as const
  return Object.fromEntries(lacks.filter(([queue = '']) => !taken.includes(queue)))
}

/** None where the platform has no Java. */
function versionsOf({ runtimes }: JavaVersions): string[] {
  return runtimes.java?.versions.map(({ version }) => version) ?? []
}

function lackOfJdk(tools: Tools, version: string): string {
  const newest = newestJdk(tools)
  // No package of the distribution is sure to have it.
  return newest > 0 ? `no JDK ${version} here, only ${newest} (install a newer one)` : said('jdk')
}

function said(tool: MissingTool): string {
  const { what, mend } = missing(tool)
  return `${what} (${mend})`
}

function releasesOf(tools: Tools): number[] {
  const newest = newestJdk(tools)
  const count = Math.max(0, newest - OLDEST_RELEASE + 1)
  return Array.from({ length: count }, (_, index) => OLDEST_RELEASE + index)
}

/** 0 without any. */
function newestJdk({ jdks }: Tools): number {
  return Math.max(0, ...jdks.map(({ release }) => release))
}
