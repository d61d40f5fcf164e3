import type { DependencyPin } from './dependency.ts'
import type { Step, StoredPackage } from './event.ts'
import type { Finding, VerdictReason } from './finding.ts'
import type { BuildRequest } from './request.ts'
import type { RuntimeName } from './runtimes.ts'
import type { SourcePin } from './source.ts'

/** A tool that a build ran: where the version came from and why this one was taken. */
export interface UsedTool {
  name: string
  version: string
  because: string
}

/** What came of calling the handler with the request's test event. */
export interface TestReport {
  /** The handler answered, and as was expected where the request says what. */
  ok: boolean
  /** JSON; absent where there was none. */
  answer?: unknown
  /** Why there is no answer, or how it differs from the one expected. */
  message?: string
  /** Milliseconds of the call alone, initializer not counted. */
  ms?: number
  /** Most memory that the process had, in bytes. */
  memoryBytes?: number
  /** The last lines that were printed during the call, at most 40. */
  output: string[]
}

/** Bytes in the package and on the function's disk; a folder's are those of all below it. */
export interface SizeRow {
  path: string
  kind: 'folder' | 'file'
  packed: number
  unpacked: number
}

/** Everything that is known of a finished package; stored with the build. */
export interface BuildReport {
  schema: 1
  /** sha256 over source pin, request, tools and profile: equal keys make equal packages. */
  buildKey: string
  runtime: RuntimeName
  version: string
  detectedBecause: string
  /** Absent where the build failed before it was known; likewise below. */
  as?: 'source' | 'package'
  asBecause?: string
  pin?: SourcePin
  verdict: VerdictReason
  findings: Finding[]
  /** What was changed in a package that was handed in finished; empty: passed through. */
  mended: string[]
  /** Only where the request has a test. */
  test?: TestReport
  steps: { step: Step; ms: number }[]
  tools: UsedTool[]
  /** The twenty largest folders, then the twenty largest files. */
  largest: SizeRow[]
  /** In the order in which the platform lays them over the code. */
  dependencies: UsedDependency[]
  /** Which ways of deploying the package's size leaves open. */
  deploy?: { direct: boolean; objectStorage: boolean }
  /** How tools were fenced in: `sandbox`, or why not. */
  isolation: string
  profile: string
  package?: StoredPackage
  /** What the platform is told beside the package (rule configuration). */
  configuration: PackageConfiguration
  /** CycloneDX 1.6; `sbomIn`: the store's key of one that is too large for a record. */
  sbom?: Record<string, unknown>
  sbomIn?: string
}

/** A dependency package of a function: attached, or what `build.split` put apart. */
export interface UsedDependency extends DependencyPin {
  /** Bytes. */
  unpackedSize: number
  from: 'request' | 'split'
}

/** Frozen beside the package as configuration.json. */
export type PackageConfiguration = Pick<
  BuildRequest,
  'function' | 'type' | 'runtime' | 'version' | 'architecture' | 'handler' | 'initializer'
> & { dependencies: string[] }
