import * as z from 'zod'

export const NOTICE_STATES = ['pending', 'delivered', 'failed'] as const

/** What is told outside about a build or a batch, and how that went. Times are ISO 8601, UTC. */
export const noticeViewSchema = z
  .object({
    id: z.string(),
    /** One of the two. */
    build: z.string().optional(),
    batch: z.string().optional(),
    kind: z.enum(['callback', 'commit-status']),
    state: z.enum(NOTICE_STATES),
    /** Those since it was written or told to be sent anew. */
    attempts: z.int(),
    /** HTTP status of the last answer. */
    lastStatus: z.int().optional(),
    lastError: z.string().optional(),
    /** While it is pending. */
    nextAt: z.iso.datetime().optional(),
    createdAt: z.iso.datetime(),
    deliveredAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'Notice' })

export const noticeListSchema = z.object({ items: z.array(noticeViewSchema) })

export type NoticeView = z.output<typeof noticeViewSchema>
