import * as z from 'zod'
import { failureSchema } from './failure.ts'
import { type BuildView, batchViewSchema, buildViewSchema } from './record.ts'

const timestamp = z.iso.datetime().describe('When it ended.')

/** Small enough for every receiver: GET the build for the rest. */
const finishedBuildSchema = buildViewSchema
  .omit({ request: true })
  .extend({ failure: failureSchema.omit({ output: true, findings: true }).optional() })
  .meta({ id: 'FinishedBuild' })

/** The body of a callback, in the form of Standard Webhooks. */
export const callbackEventSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('build.finished'), timestamp, data: finishedBuildSchema }),
    z.object({ type: z.literal('batch.finished'), timestamp, data: batchViewSchema }),
  ])
  .meta({ id: 'CallbackEvent' })

export type CallbackEvent = z.output<typeof callbackEventSchema>

/** What is told of a build that has ended. */
export function buildFinished(build: BuildView): CallbackEvent {
  const { request: _, failure, ...rest } = build
  const { output: _output, findings: _findings, ...short } = failure ?? {}
  const data = { ...rest, ...(failure && { failure: short as typeof failure }) }
  return { type: 'build.finished', timestamp: build.finishedAt ?? build.createdAt, data }
}
