import * as z from 'zod'
import { BUILD_STATES } from './event.ts'
import { batchCountsSchema } from './record.ts'
import { says } from './says.ts'

/** How a stream is resumed by hand; `Last-Event-ID` goes before it. */
export const followQuery = z.object({
  after: z
    .string()
    .regex(/^\d{0,15}$/, says({ en: 'must be a whole number', zh: '应为整数' }))
    .optional()
    .describe('Begin after the event of this id.'),
})

export const logQuery = followQuery.extend({
  follow: z.enum(['true', 'false']).optional().describe('As text: go on until the build ends.'),
})

/** One event of a log's stream. */
export const logChunkSchema = z.object({ text: z.string() }).meta({ id: 'LogChunk' })

/** One change of one build of a batch, with the counts after it; `seq` counts 1, 2, 3 per batch. */
export const batchChangeSchema = z
  .object({
    seq: z.int().min(1),
    build: z.string().optional(),
    expansion: z.string().optional().describe('What makes its builds of a repository has ended.'),
    state: z.enum(BUILD_STATES),
    counts: batchCountsSchema,
    expanding: z.literal(true).optional().describe('More builds are to come.'),
  })
  .meta({ id: 'BatchChange' })
export type BatchChange = z.output<typeof batchChangeSchema>
