import { failed, type PacklineError } from '@packline/shared'
import { javaFailures } from '../../texts/failures/java.ts'
import { missing, noTool } from '../../tools/missing.ts'
import type { Jdk } from '../../tools/tools.ts'
import type { Order } from '../runtime.ts'

/** The first release whose javac takes --release. */
const RELEASE_OPTION_SINCE = 9

/** The JDK that makes classes for the request's release: its own, else the nearest newer one. */
export function chooseJdk({ request, tools }: Order): { jdk: Jdk; because: string } {
  const release = releaseOf(request)
  // The list is newest first.
  const jdk = tools.jdks.findLast((one) => one.release >= release)
  if (!jdk) throw noJdk(release, tools.jdks)
  if (jdk.release === release) return { jdk, because: `the request says Java ${release}` }
  const because = `the JDK nearest to Java ${release}, for which it compiles`
  return { jdk, because }
}

/** 8, 11, 17, 21: what class files and the library that code may use are held to. */
export function releaseOf(request: { version: string }): number {
  return Number.parseInt(request.version, 10)
}

/** javac's flags for a release: newer JDKs also hide what the older library does not have. */
export function releaseFlags(jdk: Jdk, release: number): string[] {
  if (jdk.release >= RELEASE_OPTION_SINCE) return ['--release', String(release)]
  return ['-source', String(release), '-target', String(release)]
}

function noJdk(release: number, found: readonly Jdk[]): PacklineError {
  const has = found.map(({ version }) => version).join(', ')
  if (has === '') return noTool('jdk')
  return failed('TOOL_MISSING', javaFailures.olderJdk(release, has, missing('jdk').mend))
}
