import { posix } from 'node:path'
import { failed } from '@packline/shared'
import { gradleFailures } from '../../../texts/failures/java.ts'
import type { Tree } from '../../../tree.ts'

const FOLDER = 'gradle/wrapper'
const PROPERTIES_BYTES_MAX = 64 * 1024

/** A project's own choice of Gradle. */
export interface Wrapper {
  /** From the project's root. */
  jar: string
  properties: string
  /** Such as "8.5", by the address of its distribution. */
  version: string
  /** As it stands there, without what could be a password. */
  address: string
  /** The distribution lies in the source: whoever ships one knows what it runs on. */
  isOwn: boolean
}

/**
 * Undefined where the project has none, or not all of it: many repositories leave the jar out.
 * MANIFEST_INVALID for a file that names no distribution.
 */
export async function wrapperOf(tree: Tree, root: string): Promise<Wrapper | undefined> {
  const [jar, properties] = ['gradle-wrapper.jar', 'gradle-wrapper.properties'].map((name) =>
    posix.join(FOLDER, name),
  ) as [string, string]
  const place = posix.join(root, properties)
  if (!tree.find(place) || !tree.find(posix.join(root, jar))) return undefined
  const text = (await tree.read(place, PROPERTIES_BYTES_MAX)).toString('latin1')
  // In a properties file a colon is written with a backslash before it.
  const found = /^[ \t]*distributionUrl[ \t]*[=:][ \t]*(\S+)/m.exec(text)?.[1]?.replaceAll('\\', '')
  const version = /gradle-(\d[\w.-]*?)(?:-(?:bin|all))?\.zip$/.exec(found ?? '')?.[1]
  if (found !== undefined && version !== undefined) {
    const address = found.replace(/\/\/[^/@]*@/, '//')
    const isOwn = !/^https?:/.test(found)
    return { jar, properties: place, version, address, isOwn }
  }
  throw failed('MANIFEST_INVALID', gradleFailures.badAddress(place, found))
}
