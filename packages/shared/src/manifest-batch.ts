import * as z from 'zod'
import { batchRequestSchema } from './batch.ts'
import { batchCallbackSchema } from './callback.ts'
import { batchLabelsSchema } from './labels.ts'
import { LIMITS } from './limits.ts'
import { functionNameSchema } from './request.ts'
import { says } from './says.ts'
import { gitSourceSchema } from './source.ts'

/** A batch of the functions that a repository's packline.yaml lists. */
export const manifestBatchSchema = z
  .strictObject({
    source: gitSourceSchema
      .omit({ as: true })
      .describe('`path` is the folder of its packline.yaml; without it the root.'),
    manifest: z.literal(true),
    functions: z
      .array(functionNameSchema)
      .min(1)
      .max(LIMITS.batchBuildsMax)
      .optional()
      .describe('Only these.'),
    since: z
      .string()
      .regex(
        /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/,
        says({
          en: 'must be a commit id in full: 40 or 64 hexadecimal digits',
          zh: '应为完整的提交 id：40 或 64 位十六进制数',
        }),
      )
      .optional()
      .describe('Only those that changed since this commit.'),
    labels: batchLabelsSchema.optional().describe('Of the batch.'),
    callback: batchCallbackSchema.optional(),
  })
  .meta({ id: 'ManifestBatchRequest' })

/** What `POST /v1/batches` takes. */
export const batchOrManifestSchema = z.union([batchRequestSchema, manifestBatchSchema])

export type ManifestBatchInput = z.input<typeof manifestBatchSchema>
