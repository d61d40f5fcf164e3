import * as z from 'zod'
import { currentSchema, failureCodeSchema } from './failure.ts'

/** RFC 9457 body of every 4xx and 5xx; `type` is a URN with the code. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: failureCodeSchema,
    detail: z.string().describe('What was found, what was expected and where.'),
    hint: z.string().optional().describe('What to do.'),
    at: z.string().optional().describe('Where in the request, such as builds[3].handler.'),
    current: currentSchema
      .optional()
      .describe('For PRECONDITION_FAILED and PRECONDITION_REQUIRED.'),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.output<typeof problemSchema>
