import * as z from 'zod'
import { acceptedBatchSchema } from './answers.ts'
import { batchCallbackSchema } from './callback.ts'
import { failureCodeSchema } from './failure.ts'
import { LIMITS } from './limits.ts'
import { buildRequestSchema } from './request.ts'

const labelName = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/)

const besideBuilds = {
  labels: z.record(labelName, z.string().max(128)).optional(),
  partial: z
    .boolean()
    .optional()
    .describe('true: builds that are wrong are left out and named; false: they refuse the batch.'),
  callback: batchCallbackSchema.optional(),
}

const buildsOf = <T extends z.ZodType>(build: T) =>
  z
    .array(build)
    .min(1)
    .max(LIMITS.batchBuildsMax, {
      error: `must hold at most ${LIMITS.batchBuildsMax} builds; send more batches`,
    })

/** Many builds asked for together. */
export const batchRequestSchema = z
  .strictObject({ builds: buildsOf(buildRequestSchema), ...besideBuilds })
  .meta({ id: 'BatchRequest' })

/** The same before its builds were looked at, which are judged one by one. */
export const batchEnvelopeSchema = z.strictObject({
  builds: buildsOf(z.unknown()),
  ...besideBuilds,
})

/** What stands beside the builds where these are the lines of the body. */
export const batchLinesQuery = z.object({
  partial: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  /** `name:value`; once for each label. */
  label: z
    .union([z.string().transform((one) => [one]), z.array(z.string())])
    .pipe(z.array(z.string().regex(/^[A-Za-z0-9_.-]{1,64}:/, { error: 'must be name:value' })))
    .transform((texts) =>
      Object.fromEntries(
        texts.map((text) => [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)]),
      ),
    )
    .pipe(z.record(labelName, z.string().max(128)))
    .optional(),
})

const refusedBuildSchema = z
  .object({
    index: z.int().min(0).describe('Of the build in the batch, from 0.'),
    line: z.int().min(1).optional().describe('Of the body, where its lines are the builds.'),
    code: failureCodeSchema,
    detail: z.string(),
    hint: z.string().optional(),
    zh: z
      .object({ detail: z.string(), hint: z.string().optional() })
      .optional()
      .describe('The same in Chinese.'),
    at: z.string().optional(),
  })
  .meta({ id: 'RefusedBuild' })

/** Equal requests have the same id; those that were refused have none. */
export const takenBatchSchema = acceptedBatchSchema
  .extend({ refused: z.array(refusedBuildSchema).optional().describe('With partial, if any.') })
  .meta({ id: 'TakenBatch' })

export type BatchRequestInput = z.input<typeof batchRequestSchema>
export type TakenBatch = z.output<typeof takenBatchSchema>
export type RefusedBuild = z.output<typeof refusedBuildSchema>
