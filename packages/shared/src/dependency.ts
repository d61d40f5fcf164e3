import * as z from 'zod'
import type { StoredPackage } from './event.ts'
import type { Architecture } from './request.ts'
import type { RuntimeName } from './runtimes.ts'

const NAME = '[A-Za-z][A-Za-z0-9_.-]{0,95}'

/** What `build.split` calls the packages that it puts apart; nobody else can give such a name. */
export const SPLIT_PREFIX = 'split-'

/** A dependency package's name (package-rules.md part 3). */
export const dependencyNameSchema = z.string().regex(new RegExp(`^${NAME}$`), {
  error: 'must be a letter, then letters, digits, "_", "." or "-", at most 96 characters',
})

/** How a request names one: `name@revision`, or `name` for the newest revision. */
export const dependencyRefSchema = z.string().regex(new RegExp(`^${NAME}(@[1-9][0-9]{0,8})?$`), {
  error: 'must be name@revision, such as my-libraries@2, or the name alone for the newest revision',
})

/** A revision, exactly enough to use the same again; in a build's record before it is used. */
export interface DependencyPin {
  name: string
  revision: number
  sha256: string
  /** Bytes. */
  size: number
}

/** One revision as a reader sees it. Times are ISO 8601, UTC. */
export interface DependencyRevision {
  name: string
  revision: number
  runtime: RuntimeName
  /** What it was built for; code without native files fits others, too. */
  version: string
  architecture: Architecture
  createdAt: string
  /** The build that made it. */
  build: string
  package: StoredPackage
}

/** Who uses a revision: unfinished builds, and functions whose newest package does; some named. */
export interface DependencyUsers {
  count: number
  functions: string[]
  builds: string[]
}

/** A dependency package as a reader sees it: its newest revision, and how many there are. */
export interface DependencyView {
  name: string
  revisions: number
  newest: DependencyRevision
}

export function parseDependencyRef(ref: string): { name: string; revision?: number } {
  const [name = '', revision] = ref.split('@')
  return revision === undefined ? { name } : { name, revision: Number(revision) }
}

export function dependencyRef({ name, revision }: { name: string; revision: number }): string {
  return `${name}@${revision}`
}
