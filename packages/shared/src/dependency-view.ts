import * as z from 'zod'
import { resolvedRequestSchema } from './request.ts'
import { storedPackageSchema } from './stored-package.ts'

const { runtime, version, architecture } = resolvedRequestSchema.shape

/** One revision as a reader sees it. Times are ISO 8601, UTC. */
export const dependencyRevisionSchema = z
  .object({
    name: z.string(),
    revision: z.int().min(1),
    runtime,
    /** What it was built for; code without native files fits others, too. */
    version,
    architecture: architecture.unwrap(),
    createdAt: z.iso.datetime(),
    build: z.string().describe('The build that made it.'),
    package: storedPackageSchema,
  })
  .meta({ id: 'DependencyRevision' })
export type DependencyRevision = z.output<typeof dependencyRevisionSchema>

/** Who uses a revision: unfinished builds, and functions whose newest package does; some named. */
const dependencyUsers = z.object({
  count: z.int().min(0),
  functions: z.array(z.string()),
  builds: z.array(z.string()),
})
export type DependencyUsers = z.output<typeof dependencyUsers>

/** One revision where it is asked for alone. */
export const usedRevisionSchema = z
  .object({ ...dependencyRevisionSchema.shape, usedBy: dependencyUsers })
  .meta({ id: 'UsedDependencyRevision' })

/** A dependency package as a reader sees it: its newest revision, and how many there are. */
export const dependencyViewSchema = z
  .object({ name: z.string(), revisions: z.int().min(1), newest: dependencyRevisionSchema })
  .meta({ id: 'Dependency' })
export type DependencyView = z.output<typeof dependencyViewSchema>
