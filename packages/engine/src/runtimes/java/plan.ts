import type { Tree } from '../../tree.ts'
import type { Order, Stage } from '../runtime.ts'
import { requireBootstrap } from './bootstrap.ts'
import { gradleStages } from './gradle/gradle.ts'
import { javacStage } from './javac.ts'
import { mavenStage } from './maven.ts'
import { projectOf } from './project.ts'

/** HTTP functions start with `bootstrap`; where an event function's class lies, check tells. */
export function entries({ request }: Order): readonly string[] {
  return request.type === 'http' ? ['bootstrap'] : []
}

/** The build tool that the files at the root tell of, else one run of javac. */
export async function plan(tree: Tree, order: Order): Promise<readonly Stage[]> {
  const project = projectOf(tree, order)
  requireBootstrap(tree, project, order)
  if (project.tool === 'maven') return [await mavenStage(tree, project, order)]
  if (project.tool === 'gradle') return gradleStages(tree, project, order)
  return [await javacStage(tree, order)]
}
