import { PacklineError } from '@packline/shared'
import type { Tree } from '../../tree.ts'
import type { Order, Stage } from '../runtime.ts'
import { javacStage } from './javac.ts'
import { mavenStage } from './maven.ts'

const GRADLE = ['build.gradle', 'build.gradle.kts']

/** HTTP functions start with `bootstrap`; where an event function's class lies, check tells. */
export function entries({ request }: Order): readonly string[] {
  return request.type === 'http' ? ['bootstrap'] : []
}

/** Maven where there is a pom.xml, else one run of javac. */
export async function plan(tree: Tree, order: Order): Promise<readonly Stage[]> {
  if (tree.find('pom.xml')) return [await mavenStage(tree, order)]
  const gradle = GRADLE.find((path) => tree.find(path))
  if (gradle) throw noGradle(gradle)
  return [javacStage(tree, order)]
}

function noGradle(path: string): PacklineError {
  return new PacklineError(
    'MANIFEST_INVALID',
    `found ${path}; expected a pom.xml or plain sources`,
    {
      hint: 'Build the jar with Gradle and hand it in with its libraries as a ZIP, or add a pom.xml.',
    },
  )
}
