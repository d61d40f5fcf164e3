import * as z from 'zod'
import { BUILD_STATES } from './event.ts'
import { failureSchema } from './failure.ts'
import { verdictReasonSchema } from './finding.ts'
import { type BuildRequest, resolvedRequestSchema } from './request.ts'
import { RUNTIME_NAMES } from './runtimes.ts'
import { sourcePinSchema } from './source-pin.ts'
import { splitPackageSchema, storedPackageSchema } from './stored-package.ts'

/** The version of everything that is stored: records, job data, archived segments. */
export const SCHEMA_VERSION = 1

const labels = z.record(z.string(), z.string())
const time = z.iso.datetime()

const buildPushSchema = z.object({
  hook: z.string(),
  delivery: z.string(),
  ref: z.string().describe('In full, such as refs/heads/main.'),
})

/** A build as a reader sees it. Times are ISO 8601, UTC. */
export const buildViewSchema = z
  .object({
    id: z.string(),
    kind: z.enum(['function', 'dependency']).describe('What was asked for.'),
    function: z.string().describe("Or the dependency package's name."),
    runtime: z.enum(RUNTIME_NAMES),
    version: z.string(),
    state: z.enum(BUILD_STATES),
    queue: z.string(),
    batch: z.string().optional(),
    retryOf: z.string().optional(),
    labels: labels.optional(),
    push: buildPushSchema.optional().describe('That a hook was told of, which asked for it.'),
    priority: z.enum(['interactive', 'bulk']),
    attempt: z.int().min(0),
    createdAt: time,
    startedAt: time.optional(),
    finishedAt: time.optional(),
    waitingFor: z
      .string()
      .optional()
      .describe('Set while no live worker takes the queue, such as "a worker with java 21".'),
    zh: z.object({ waitingFor: z.string() }).optional().describe('The same in Chinese.'),
    worker: z.string().optional(),
    pin: sourcePinSchema.optional(),
    package: storedPackageSchema.optional(),
    revision: z.int().optional().describe('Of a dependency package.'),
    number: z.int().optional().describe("Of a registered function's package."),
    split: splitPackageSchema.optional(),
    verdict: verdictReasonSchema.optional(),
    findings: z.int().optional(),
    failure: failureSchema.optional(),
    cancelReason: z.string().optional(),
    request: resolvedRequestSchema.optional(),
  })
  .meta({ id: 'Build' })
/** A request's source is never a folder here, but its type allows one, as the engine's does. */
export type BuildView = Omit<z.output<typeof buildViewSchema>, 'request'> & {
  request?: BuildRequest
}

/** States and counts of a batch, as its event stream carries them. */
export const batchCountsSchema = z
  .object({
    total: z.int().min(0),
    queued: z.int().min(0),
    running: z.int().min(0),
    succeeded: z.int().min(0),
    failed: z.int().min(0),
    cancelled: z.int().min(0),
  })
  .meta({ id: 'BatchCounts' })
export type BatchCounts = z.output<typeof batchCountsSchema>

export const batchViewSchema = z
  .object({
    id: z.string(),
    createdAt: time,
    labels: labels.optional(),
    counts: batchCountsSchema,
    finished: z.boolean().describe('True when no build of it is queued, running or to come.'),
    expanding: z.literal(true).optional().describe('Its repository has still to be read.'),
    failure: failureSchema.optional().describe('Why its repository made no builds.'),
    cancelReason: z
      .string()
      .optional()
      .describe('Why it was cancelled before all of its repository was built.'),
    repository: z
      .object({
        commit: z.string().optional(),
        untouched: z.array(z.string()).describe('Functions that had not changed since.'),
        warnings: z.array(z.string()),
        zh: z
          .object({ warnings: z.array(z.string()) })
          .optional()
          .describe('The same in Chinese.'),
      })
      .optional()
      .describe('What was found in the repository that its builds are of.'),
  })
  .meta({ id: 'Batch' })
export type BatchView = z.output<typeof batchViewSchema>

/** A worker that reported within the last seconds. */
export const workerViewSchema = z
  .object({
    id: z.string(),
    host: z.string(),
    pid: z.int(),
    startedAt: time,
    seenAt: time,
    queues: z.array(z.string()),
    lacks: z
      .record(z.string(), z.string())
      .describe('Queues that it does not take: what it lacks for them, and how to get it.'),
    buildsMax: z.int(),
    toolSlots: z.int(),
    running: z.int(),
    tools: z.record(z.string(), z.string()),
    isolation: z.string(),
    schema: z
      .int()
      .optional()
      .describe('Builds with records of this version and older are for it.'),
  })
  .meta({ id: 'Worker' })
export type WorkerView = z.output<typeof workerViewSchema>
