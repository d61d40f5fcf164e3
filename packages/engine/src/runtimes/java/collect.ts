import type { PackageEntry } from '@packline/archive'
import type { Made } from '../../package.ts'
import type { Tree } from '../../tree.ts'
import type { Order } from '../runtime.ts'
import { bootstrapOf } from './bootstrap.ts'
import { collectMaven } from './collect-maven.ts'
import { collectPlain } from './collect-plain.ts'
import { collectGradle } from './gradle/collect-gradle.ts'
import { operatorJars, withoutPlatform } from './operator-jars.ts'
import { jarEntry } from './own-jar.ts'
import type { Parts } from './parts.ts'
import { type Project, projectOf } from './project.ts'

/** Rule java-jar: one jar where there is no library, else a ZIP of the jar and all of them. */
export async function collect(source: Tree, output: Tree, order: Order): Promise<Made> {
  const project = projectOf(source, order)
  const { jar, libraries: all } = await partsOf(source, output, project, order)
  const libraries = await withoutPlatform(all, await operatorJars(order.profile))
  const bootstrap = bootstrapOf(source, project, order)
  const beside: PackageEntry[] = [...libraries]
  if (bootstrap) beside.push({ ...source.entry(bootstrap, 'bootstrap'), executable: true })
  if ('entries' in jar && beside.length === 0) return { format: 'jar', entries: jar.entries }
  const own = 'entries' in jar ? await jarEntry(jar.name, jar.entries) : jar.unchanged
  const installed = new Set(libraries.map(({ path }) => path))
  return { format: 'zip', entries: [own, ...beside], installed }
}

async function partsOf(source: Tree, output: Tree, project: Project, order: Order): Promise<Parts> {
  if (project.tool === 'maven') return collectMaven(source, project, order)
  if (project.tool === 'gradle') return collectGradle(output, order)
  return collectPlain(source, output, order)
}
