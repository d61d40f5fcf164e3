import * as z from 'zod'
import { failureSchema } from './failure.ts'
import { verdictReasonSchema } from './finding.ts'
import { RUNTIME_NAMES } from './runtimes.ts'
import { splitPackageSchema, storedPackageSchema } from './stored-package.ts'

export const BUILD_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const
export type BuildState = (typeof BUILD_STATES)[number]

export const TERMINAL_STATES = ['succeeded', 'failed', 'cancelled'] as const
export type TerminalState = (typeof TERMINAL_STATES)[number]

export function isTerminal(state: BuildState): state is TerminalState {
  return (TERMINAL_STATES as readonly BuildState[]).includes(state)
}

/** The steps of every build, in order. */
export const STEPS = ['fetch', 'unpack', 'detect', 'make', 'zip', 'validate', 'store'] as const
export type Step = (typeof STEPS)[number]

function event<const T extends string, S extends z.ZodRawShape>(type: T, shape: S) {
  return z.object({
    seq: z.int().min(1).describe('Counts 1, 2, 3 per build; the id of the server-sent event.'),
    at: z.iso.datetime(),
    type: z.literal(type),
    ...shape,
  })
}

function inChinese<const N extends string>(name: N) {
  const texts = { [name]: z.string() } as Record<N, z.ZodString>
  return z.object(texts).optional().describe('The same in Chinese.')
}

/** What a build says while it runs, one line each. Times are ISO 8601, UTC. */
export const buildEventSchema = z
  .union([
    event('queued', { queue: z.string(), retryOf: z.string().optional() }),
    event('waiting', { for: z.string(), zh: inChinese('for') }),
    event('started', { attempt: z.int().min(1), worker: z.string() }),
    event('pinned', { pin: z.string() }),
    event('detected', {
      runtime: z.enum(RUNTIME_NAMES),
      because: z.string(),
      as: z.enum(['source', 'package']),
    }),
    // A step that takes longer than a moment is announced; each says its end.
    event('step', { step: z.enum(STEPS), status: z.literal('started') }),
    event('step', { step: z.enum(STEPS), status: z.literal('finished'), ms: z.number() }),
    event('stage', { stage: z.string(), command: z.string() }),
    event('warning', { message: z.string(), zh: inChinese('message') }),
    event('requeued', {
      reason: z.string(),
      delayMs: z.number(),
      failure: failureSchema.optional(),
    }),
    event('succeeded', {
      package: storedPackageSchema,
      verdict: verdictReasonSchema,
      findings: z.int().min(0),
      revision: z.int().optional().describe('Of a dependency package.'),
      number: z.int().optional().describe("Of a registered function's package."),
      split: splitPackageSchema.optional(),
    }),
    event('failed', { failure: failureSchema }),
    event('cancelled', { reason: z.string() }),
  ])
  .meta({ id: 'BuildEvent' })
export type BuildEvent = z.output<typeof buildEventSchema>

/** An event before it is written: `seq` and `at` are given then, and so is a revision. */
export type BuildEventBody = Body<BuildEvent>
type Body<E> = E extends unknown ? Omit<E, 'seq' | 'at'> : never
