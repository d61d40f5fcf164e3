import type { Finding } from '@packline/shared'
import type { Subject } from '../runtime.ts'
import { missingClasses } from './java-missing-classes.ts'
import { newerClasses } from './java-release.ts'
import { releaseOf } from './jdk.ts'
import { operatorJars } from './operator-jars.ts'
import type { PackageJars } from './package-jars.ts'
import { walkClasses } from './walk-classes.ts'

/** Rules java-release and java-missing-classes, of the classes that the handler's leads to. */
export async function checkClasses(subject: Subject, jars: PackageJars): Promise<Finding[]> {
  const { handler, request } = subject
  if (handler?.form !== 'package.Class.method' || !jars.has(handler.class)) return []
  const sdk = await operatorJars(subject.profile)
  const platform = new Set(sdk.flatMap(({ classes }) => [...classes]))
  const walk = await walkClasses(handler.class, releaseOf(request), jars, platform)
  const newer = await newerClasses(walk, jars, request)
  // What can not be looked into may have any class.
  return jars.closed.length > 0 ? newer : [...newer, ...missingClasses(walk, request)]
}
