import type { BuildState } from './event.ts'
import type { Failure, FailureCode } from './failure.ts'
import type { ListedFunction } from './manifest.ts'
import type { SourceOf } from './source.ts'

/** The queue of expansions; every worker takes it. */
export const EXPAND_QUEUE = 'expand'

/** What becomes builds only after a repository was read. */
export type ExpansionSpec = ManifestExpansion | DeliveryExpansion

type Repository = Omit<SourceOf<'git'>, 'kind' | 'ref' | 'path' | 'as'>

/** A batch of the functions that a repository's packline.yaml lists. */
export interface ManifestExpansion {
  kind: 'manifest'
  /** `path`: the folder of the manifest, without it the root. */
  source: Omit<SourceOf<'git'>, 'kind' | 'as'>
  /** Only these. */
  functions?: string[]
  /** Only those that changed since this commit. */
  since?: string
  /** Of each build. */
  labels?: Record<string, string>
}

/** A push that a hook was told of. */
export interface DeliveryExpansion {
  kind: 'delivery'
  hook: string
  delivery: string
  /** Counts the deliveries of a hook and ref at receipt: the higher one is the newer push. */
  number: number
  /** In full: refs/heads/main. */
  ref: string
  /** Commits; absent or zeros where the ref was not there before, or is there no more. */
  before?: string
  after?: string
  forced?: boolean
  created?: boolean
  deleted?: boolean
  source: Repository
  /** The path of the manifest, or what stands for one; each with its paths from there. */
  functions: { manifest: string } | ListedFunction[]
  labels?: Record<string, string>
}

/** As git tells of a ref that was not there before, or is there no more. */
export const NO_COMMIT = '0'.repeat(40)

type Range = Pick<DeliveryExpansion, 'ref' | 'before' | 'created'>

/** The commit that a push began at. Of a new branch and of a tag there is none: all is new. */
export function beginningOf({ ref, before, created }: Range): string | undefined {
  const isNone = created || before === undefined || isNoCommit(before)
  return isNone || ref.startsWith('refs/tags/') ? undefined : before
}

export function isNoCommit(commit: string): boolean {
  return /^0+$/.test(commit)
}

/** What came of it. */
export interface ExpansionResult {
  /** The commit that was read; none of a ref that was deleted. */
  commit?: string
  builds: { function: string; build: string }[]
  /** Functions that the range of commits left as they were. */
  untouched: string[]
  /** Functions that a newer push has built already, or that the branch has otherwise by now. */
  outrun: string[]
  /** Functions whose entry is not right; of a manifest that was asked for it refuses the whole. */
  refused: { function: string; code: FailureCode; detail: string; zh?: { detail: string } }[]
  /** Builds of older pushes that ended for these. */
  superseded: string[]
  /** The branch has gone on: a later push has what this one did not catch up on. */
  behind?: true
  warnings: string[]
  /** The same in Chinese. */
  zh?: { warnings: string[] }
}

export interface ExpansionView {
  id: string
  state: BuildState
  attempt: number
  createdAt: string
  startedAt?: string
  finishedAt?: string
  waitingFor?: string
  /** The batch of its builds. */
  batch?: string
  spec: ExpansionSpec
  result?: ExpansionResult
  failure?: Failure
  cancelReason?: string
}
