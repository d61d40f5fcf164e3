import * as z from 'zod'
import { acceptedBatchSchema } from './answers.ts'
import { batchCallbackSchema } from './callback.ts'
import { failureCodeSchema } from './failure.ts'
import { batchLabelsSchema, labelTextSchema } from './labels.ts'
import { LIMITS } from './limits.ts'
import { buildRequestSchema } from './request.ts'
import { says } from './says.ts'

const besideBuilds = {
  labels: batchLabelsSchema.optional(),
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
    .max(
      LIMITS.batchBuildsMax,
      says({
        en: `must hold at most ${LIMITS.batchBuildsMax} builds; send more batches`,
        zh: `最多 ${LIMITS.batchBuildsMax} 个构建；请分成多个批次发送`,
      }),
    )

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
    .pipe(z.array(labelTextSchema))
    .transform((texts) =>
      Object.fromEntries(
        texts.map((text) => [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)]),
      ),
    )
    .pipe(batchLabelsSchema)
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
