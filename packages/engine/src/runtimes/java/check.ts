import type { Finding } from '@packline/shared'
import type { Subject } from '../runtime.ts'
import { checkHandlerClass } from './check-handler.ts'
import { checkLayout } from './check-layout.ts'
import { openPackageJars } from './package-jars.ts'

/**
 * Rules java-jar, handler-exists, initializer and java-release, without running anything. HTTP
 * functions name no class: their `bootstrap` and the load check tell. Nor do dependency packages.
 */
export async function check(subject: Subject): Promise<readonly Finding[]> {
  if (subject.request.type !== 'event') return []
  const jars = await openPackageJars(subject)
  try {
    const layout = checkLayout(subject, jars)
    if (layout.some(({ level }) => level === 'error')) return layout
    return [...layout, ...(await checkHandlerClass(subject, jars))]
  } finally {
    await jars.close()
  }
}
