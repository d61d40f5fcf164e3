import { SCHEMA_VERSION } from '@packline/shared'
import type { MadeDependency } from './outcome.ts'

/**
 * What scripts take of a dependency package that a build has made, or has not: its name, its
 * revision where that is not to be the next one, what equal ones are known by, and its JSON, to
 * which they add the tenant and the revision.
 */
export function dependencyArguments(
  made: MadeDependency | undefined,
  build: string,
  createdAt: string,
): [name: string, revision: number | '', same: string, json: string] {
  if (!made) return ['', '', '', '']
  const { name, revision, package: stored, ...target } = made
  const { runtime, version, architecture } = target
  // Where the name tells the content, equal bytes are one, whatever they were first made for.
  const same =
    revision === undefined
      ? [stored.sha256, runtime, version, architecture].join(' ')
      : stored.sha256
  const entry = { schema: SCHEMA_VERSION, name, ...target, createdAt, build, package: stored }
  const json = `${JSON.stringify(entry).slice(0, -1)},`
  return [name, revision ?? '', same, json]
}
