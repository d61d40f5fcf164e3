import { fileURLToPath } from 'node:url'
import { httpLoad } from '../http-load.ts'
import type { LoadCheck, Subject } from '../runtime.ts'
import { PLATFORM_SDK } from './javac.ts'
import { releaseOf } from './jdk.ts'

const LOADER = fileURLToPath(new URL('Loader.java', import.meta.url))
const LOADER_INSIDE = '/packline/Loader.java'
const SDK_INSIDE = '/packline/java-sdk'

/** The first release that starts a source file, which the loader is. */
const SOURCE_LAUNCH_SINCE = 11

/** A class loader over the package in a JVM of the request's release, else in the newest one. */
export async function load(subject: Subject): Promise<LoadCheck> {
  const { request, handler, tools } = subject
  if (request.type === 'http') return httpLoad(subject)
  if (handler?.form !== 'package.Class.method') {
    return { kind: 'unavailable', because: 'the handler names no class' }
  }
  const release = releaseOf(request)
  const usable = tools.jdks.filter((jdk) => jdk.release >= Math.max(release, SOURCE_LAUNCH_SINCE))
  const same = usable.find((jdk) => jdk.release === release)
  const [newest] = usable
  const jdk = same ?? newest
  if (!jdk) return { kind: 'unavailable', because: `this worker has no JDK for Java ${release}` }
  const initializer = request.initializer?.slice(request.initializer.lastIndexOf('.') + 1)
  return {
    kind: 'command',
    argv: [
      jdk.java,
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '-Xshare:auto',
      LOADER_INSIDE,
      SDK_INSIDE,
      handler.class,
      handler.method,
      ...(initializer === undefined ? [] : [`initializer=${initializer}`]),
    ],
    env: { LC_ALL: 'C.UTF-8' },
    binds: [
      { from: LOADER, to: LOADER_INSIDE },
      { from: PLATFORM_SDK, to: SDK_INSIDE },
      ...jdk.binds.map((path) => ({ from: path, to: path })),
    ],
    loadedBy: `Java ${jdk.version}`,
    same: same !== undefined,
    because: same ? undefined : `the request says Java ${request.version}`,
  }
}
