import * as z from 'zod'
import { BUILD_STATES } from './event.ts'
import { failureCodeSchema, failureSchema } from './failure.ts'

export const DELIVERY_OUTCOMES = ['accepted', 'ignored', 'refused'] as const

const reasonInChinese = z.object({ reason: z.string() }).describe('The same in Chinese.')
const textsInChinese = z
  .object({ reason: z.string().optional(), warnings: z.array(z.string()).optional() })
  .describe('The same in Chinese.')

const unfitSchema = z.object({
  function: z.string(),
  code: failureCodeSchema,
  detail: z.string(),
  zh: z.object({ detail: z.string() }).optional().describe('The same in Chinese.'),
})

/** What a hook was told, and what came of it. */
export const deliveryViewSchema = z
  .object({
    id: z.string(),
    receivedAt: z.iso.datetime(),
    event: z.enum(['push', 'tag', 'ping', 'other']),
    name: z.string().optional().describe("The provider's own id of it."),
    ref: z.string().optional(),
    before: z.string().optional(),
    after: z.string().optional(),
    outcome: z.enum(DELIVERY_OUTCOMES),
    reason: z.string().optional().describe('Why nothing is built.'),
    zh: textsInChinese.optional(),
    number: z.int().optional().describe('Counts the pushes of the hook and ref.'),
    redeliveryOf: z.string().optional(),
    state: z.enum(BUILD_STATES).optional().describe('Of the work that was accepted.'),
    commit: z.string().optional(),
    builds: z.array(z.object({ function: z.string(), build: z.string() })).optional(),
    untouched: z.array(z.string()).optional(),
    outrun: z
      .array(z.string())
      .optional()
      .describe(
        'Touched, and left to a newer push: built by it, or otherwise on the branch by now.',
      ),
    superseded: z.array(z.string()).optional(),
    unfit: z
      .array(unfitSchema)
      .optional()
      .describe('Functions whose entry in the manifest is not right.'),
    warnings: z.array(z.string()).optional(),
    failure: failureSchema.optional(),
  })
  .meta({ id: 'Delivery' })

export const deliveryListSchema = z.object({ items: z.array(deliveryViewSchema) })

/** What a git server is answered. */
export const receiptSchema = z
  .object({
    delivery: z.string(),
    outcome: z.enum([...DELIVERY_OUTCOMES, 'seen']),
    reason: z.string().optional(),
    zh: reasonInChinese.optional(),
  })
  .meta({ id: 'Receipt' })

export type DeliveryView = z.output<typeof deliveryViewSchema>
export type Receipt = z.output<typeof receiptSchema>
