import * as z from 'zod'
import type { Particulars } from './descriptions/description.ts'

const anything = z.looseObject({})

/** What a call answers where all is well, by status. */
export function responsesOf(particulars: Particulars) {
  const { status = 200, events, etag, created } = particulars
  const headers = headersOf(particulars)
  return {
    [status]: { description: 'As asked for', headers, content: contentOf(particulars) },
    ...(created
      ? {
          201: { description: 'It was not there before', headers, content: contentOf(particulars) },
        }
      : {}),
    ...(events ? { 204: { description: 'Nothing is left to come' } } : {}),
    ...(etag ? { 304: { description: 'The caller has it already' } } : {}),
  }
}

function contentOf({ answer, types, events, example }: Particulars) {
  const schema = answer ?? (types ? z.string() : undefined)
  const body = { schema: schema ?? anything, example: example.answer }
  const listed = types ?? (answer || !events ? ['application/json'] : [])
  return {
    ...Object.fromEntries(listed.map((type) => [type, body])),
    ...(events ? { 'text/event-stream': { schema: eventOf(events) } } : {}),
  }
}

/** One event: OpenAPI 3.1 has no schema of a whole stream, and tools read it as that of each. */
function eventOf(events: z.ZodType) {
  const contentSchema = { $ref: `#/components/schemas/${events.meta()?.id}` }
  return {
    type: 'object' as const,
    required: ['id', 'event', 'data'],
    properties: {
      id: { type: 'string' as const },
      event: { type: 'string' as const },
      data: { type: 'string' as const, contentMediaType: 'application/json', contentSchema },
    },
  }
}

function headersOf(particulars: Particulars): z.ZodObject | undefined {
  const { status, keyed, etag, conditional, spoken } = particulars
  const shape = {
    ...(status === 202
      ? { Location: z.string().describe('The path of what was made, or tells how it goes.') }
      : {}),
    ...(keyed
      ? {
          'Idempotency-Replayed': z
            .literal('true')
            .optional()
            .describe('An earlier request with the same key made what is answered.'),
        }
      : {}),
    ...(spoken ? { 'Content-Language': z.enum(['en', 'zh-CN']) } : {}),
    ...(etag ? { ETag: z.string().describe('The sha256 of the content, quoted.') } : {}),
    ...(conditional ? { ETag: z.string().describe('Of what was written; quoted.') } : {}),
  }
  return Object.keys(shape).length > 0 ? z.object(shape) : undefined
}
