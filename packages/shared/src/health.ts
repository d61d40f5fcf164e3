import * as z from 'zod'

export const livesSchema = z.object({ status: z.literal('ok') })

export const readySchema = z.object({
  ready: z.literal(true),
  redis: z.literal('ok'),
  store: z.literal('ok'),
})
export type Ready = z.output<typeof readySchema>

/** What the problem says more where one of them is away. */
export const notReadySchema = z.object({
  ready: z.literal(false),
  redis: z.enum(['ok', 'away']),
  store: z.enum(['ok', 'away']),
})
