import { REASONS } from '../../texts/verdict.ts'
import { verbatim } from '../../words.ts'
import { httpLoad } from '../http-load.ts'
import type { LoadCheck, Subject } from '../runtime.ts'
import { releaseOf } from './jdk.ts'
import { LOADER_INSIDE, loaderStage } from './loader-stage.ts'
import { operatorJars } from './operator-jars.ts'

/** The first release with the class library that the loader is written for. */
const LOADER_SINCE = 11

/** Spring Boot takes some seconds of a core, and a busy worker has less than one for it. */
const ANSWER_WITHIN_MS = 60_000

/** A class loader over the package in a JVM of the request's release, else in the newest one. */
export async function load(subject: Subject): Promise<LoadCheck> {
  const { request, handler, tools } = subject
  if (request.type === 'http') return httpLoad(subject, ANSWER_WITHIN_MS)
  if (handler?.form !== 'package.Class.method') {
    return { kind: 'unavailable', because: REASONS.noClass }
  }
  const release = releaseOf(request)
  const usable = tools.jdks.filter((jdk) => jdk.release >= Math.max(release, LOADER_SINCE))
  const same = usable.find((jdk) => jdk.release === release)
  const [newest] = usable
  const jdk = same ?? newest
  if (!jdk) return { kind: 'unavailable', because: REASONS.noJdk(release) }
  const sdk = await operatorJars(subject.profile)
  const initializer = request.initializer?.slice(request.initializer.lastIndexOf('.') + 1)
  return {
    kind: 'command',
    prepare: await loaderStage(jdk),
    argv: [
      jdk.java,
      // The second compiler tier and the parallel collector would only cost.
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '-Xshare:auto',
      '-classpath',
      LOADER_INSIDE,
      'packline.Loader',
      [...sdk.map((_, at) => insideOf(at)), LOADER_INSIDE].join(':'),
      handler.class,
      handler.method,
      ...(initializer === undefined ? [] : [`initializer=${initializer}`]),
    ],
    env: { LC_ALL: 'C.UTF-8' },
    binds: [
      ...jdk.binds.map((path) => ({ from: path, to: path })),
      ...sdk.map(({ path }, at) => ({ from: path, to: insideOf(at) })),
    ],
    loadedBy: verbatim(`Java ${jdk.version}`),
    same: same !== undefined,
    because: same ? undefined : REASONS.otherVersion(`Java ${request.version}`),
  }
}

/** Where the operator's jars lie: what is loaded sees no path of this machine. */
function insideOf(at: number): string {
  return `/packline/sdk/${at}.jar`
}
