import * as z from 'zod'
import { dependencyPinSchema } from './dependency.ts'
import { STEPS } from './event.ts'
import { findingSchema, verdictReasonSchema } from './finding.ts'
import { resolvedRequestSchema } from './request.ts'
import { RUNTIME_NAMES } from './runtimes.ts'
import { sourcePinSchema } from './source-pin.ts'
import { storedPackageSchema } from './stored-package.ts'

/** A tool that a build ran: where the version came from and why this one was taken. */
const usedTool = z.object({ name: z.string(), version: z.string(), because: z.string() })
export type UsedTool = z.output<typeof usedTool>

/** What came of calling the handler with the request's test event. */
const testReport = z.object({
  ok: z
    .boolean()
    .describe('The handler answered, and as was expected where the request says what.'),
  answer: z.unknown().optional().describe('JSON; absent where there was none.'),
  message: z
    .string()
    .optional()
    .describe('Why there is no answer, or how it differs from the one expected.'),
  zh: z.object({ message: z.string() }).optional().describe('The same in Chinese.'),
  ms: z.number().optional().describe('Of the call alone, initializer not counted.'),
  memoryBytes: z.number().optional().describe('Most memory that the process had.'),
  output: z.array(z.string()).describe('The last lines printed during the call, at most 40.'),
})
export type TestReport = z.output<typeof testReport>

/** Bytes in the package and on the function's disk; a folder's are those of all below it. */
const sizeRow = z.object({
  path: z.string(),
  kind: z.enum(['folder', 'file']),
  packed: z.number(),
  unpacked: z.number(),
})
export type SizeRow = z.output<typeof sizeRow>

/** A dependency package of a function: attached, or what `build.split` put apart. */
const usedDependency = z.object({
  ...dependencyPinSchema.shape,
  unpackedSize: z.int().describe('Bytes.'),
  from: z.enum(['request', 'split']),
})
export type UsedDependency = z.output<typeof usedDependency>

/** Frozen beside the package as configuration.json (rule configuration). */
export const packageConfigurationSchema = resolvedRequestSchema
  .pick({
    function: true,
    type: true,
    runtime: true,
    version: true,
    architecture: true,
    handler: true,
    initializer: true,
  })
  .extend({ dependencies: z.array(z.string()) })
  .meta({ id: 'PackageConfiguration' })
export type PackageConfiguration = z.output<typeof packageConfigurationSchema>

/** Everything that is known of a finished package; stored with the build. */
const buildReportSchema = z.object({
  schema: z.literal(1),
  buildKey: z
    .string()
    .describe('sha256 over source pin, request, tools and profile: equal keys, equal packages.'),
  runtime: z.enum(RUNTIME_NAMES),
  version: z.string(),
  detectedBecause: z.string(),
  // Absent where the build failed before it was known; likewise below.
  as: z.enum(['source', 'package']).optional(),
  asBecause: z.string().optional(),
  pin: sourcePinSchema.optional(),
  verdict: verdictReasonSchema,
  findings: z.array(findingSchema),
  mended: z
    .array(z.string())
    .describe('What was changed in a package handed in finished; empty: passed through.'),
  zh: z
    .object({ asBecause: z.string().optional(), mended: z.array(z.string()) })
    .optional()
    .describe('The same in Chinese.'),
  test: testReport.optional().describe('Only where the request has a test.'),
  steps: z.array(z.object({ step: z.enum(STEPS), ms: z.number() })),
  tools: z.array(usedTool),
  // Older reports have none.
  online: z
    .array(z.string())
    .optional()
    .describe('Stages that could reach registries and nothing else; the others had no network.'),
  largest: z.array(sizeRow).describe('The twenty largest folders, then the twenty largest files.'),
  dependencies: z
    .array(usedDependency)
    .describe('In the order in which the platform lays them over the code.'),
  deploy: z
    .object({ direct: z.boolean(), objectStorage: z.boolean() })
    .optional()
    .describe("Which ways of deploying the package's size leaves open."),
  isolation: z.string().describe('How tools were fenced in: sandbox, or why not.'),
  profile: z.string(),
  package: storedPackageSchema.optional(),
  configuration: packageConfigurationSchema,
  /** CycloneDX 1.6; `sbomIn`: the store's key of one that is too large for a record. */
  sbom: z.record(z.string(), z.unknown()).optional(),
  sbomIn: z.string().optional(),
})
export type BuildReport = z.output<typeof buildReportSchema>

/** As the API answers it: the SBOM has a path of its own. */
export const reportViewSchema = buildReportSchema
  .omit({ sbom: true, sbomIn: true })
  .meta({ id: 'Report' })
