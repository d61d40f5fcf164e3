import { queueOf } from '@packline/shared'
import type { Tools } from './tool.ts'

/** The oldest release that javac compiles for, of all JDKs from 8 to 25. */
const OLDEST_RELEASE = 8

/** The part of a profile that matters here. */
interface JavaVersions {
  runtimes: { java: { versions: readonly { version: string }[] } }
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
  const wanted = profile?.runtimes.java.versions.map(({ version }) => Number(version))
  const releases = releasesOf(tools).filter((release) => wanted?.includes(release) ?? true)
  return [...queues, ...releases.map((release) => queueOf('java', String(release)))]
}

function releasesOf({ jdks }: Tools): number[] {
  const newest = Math.max(0, ...jdks.map(({ release }) => release))
  const count = Math.max(0, newest - OLDEST_RELEASE + 1)
  return Array.from({ length: count }, (_, index) => OLDEST_RELEASE + index)
}
