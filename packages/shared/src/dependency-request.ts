import type * as z from 'zod'
import { dependencyNameSchema, SPLIT_PREFIX } from './dependency.ts'
import type { Profile } from './profile.ts'
import { type BuildRequest, buildOptionsSchema, buildRequestSchema } from './request.ts'
import { refuseDependencies, resolveTarget } from './resolve.ts'
import { says } from './says.ts'

/**
 * A dependency package to be made: of a finished ZIP, or of a manifest (requirements.txt,
 * package.json, pom.xml) that says what it is to hold.
 */
export const dependencyRequestSchema = buildRequestSchema
  .pick({
    runtime: true,
    version: true,
    architecture: true,
    source: true,
    labels: true,
    priority: true,
  })
  .extend({
    name: dependencyNameSchema.refine(
      (name) => !name.startsWith(SPLIT_PREFIX),
      says({
        en: `must not start with "${SPLIT_PREFIX}": build.split gives such names`,
        zh: `不能以 "${SPLIT_PREFIX}" 开头：这样的名称由 build.split 使用`,
      }),
    ),
    build: buildOptionsSchema.omit({ mode: true, load: true, split: true }).prefault({}),
  })
  .meta({ id: 'DependencyRequest' })

export type DependencyRequestInput = z.input<typeof dependencyRequestSchema>
export type ParsedDependencyRequest = z.output<typeof dependencyRequestSchema>

/**
 * The build that makes the dependency package. Throws UNKNOWN_RUNTIME, UNKNOWN_VERSION,
 * INVALID_REQUEST.
 */
export function resolveDependencyRequest(
  { name, build, ...parsed }: ParsedDependencyRequest,
  profile: Profile,
): BuildRequest {
  const version = resolveTarget(parsed, profile)
  refuseDependencies(parsed.runtime, 'runtime')
  // There is no handler to load; the functions that attach it are loaded with it.
  const options = { ...build, load: false }
  return { ...parsed, function: name, type: 'dependency', version, build: options }
}
