import type { Finding } from '@packline/shared'
import type { Subject } from '../runtime.ts'
import { checkClasses } from './check-classes.ts'
import { checkHandlerClass } from './check-handler.ts'
import { checkLayout } from './check-layout.ts'
import { openPackageJars } from './package-jars.ts'

/**
 * Rules java-jar, handler-exists, initializer, java-release and java-missing-classes, without
 * running anything. HTTP functions name no class, and their `bootstrap` alone knows the class path:
 * it and the load check tell. Nor do dependency packages.
 */
export async function check(subject: Subject): Promise<readonly Finding[]> {
  if (subject.request.type !== 'event') return []
  const jars = await openPackageJars(subject)
  try {
    const layout = checkLayout(subject, jars)
    if (layout.some(({ level }) => level === 'error')) return layout
    const handler = await checkHandlerClass(subject, jars)
    return [...layout, ...handler, ...(await checkClasses(subject, jars))]
  } finally {
    await jars.close()
  }
}
