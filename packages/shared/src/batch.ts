import * as z from 'zod'
import { LIMITS } from './limits.ts'
import { buildRequestSchema } from './request.ts'

/** Many builds asked for together. */
export const batchRequestSchema = z
  .strictObject({
    builds: z
      .array(buildRequestSchema)
      .min(1)
      .max(LIMITS.batchBuildsMax, {
        error: `must hold at most ${LIMITS.batchBuildsMax} builds; send more batches`,
      }),
    labels: z.record(z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/), z.string().max(128)).optional(),
  })
  .meta({ id: 'BatchRequest' })

export type BatchRequestInput = z.input<typeof batchRequestSchema>
