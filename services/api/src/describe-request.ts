import * as z from 'zod'
import type { Particulars } from './descriptions/description.ts'
import { queryOf } from './refuse-unknown-query.ts'

const archive = z.string().meta({ format: 'binary' })

/** What a call takes: parameters of its path and query, headers, and its body. */
export function requestOf(path: string, particulars: Particulars, takesKey: boolean) {
  const { body, lines, bytes, upload, example } = particulars
  const params = paramsOf(path, example.path)
  const asked = queryOf(particulars)
  const headers = headersOf(particulars, takesKey)
  return {
    ...(params ? { params } : {}),
    ...(asked ? { query: asked } : {}),
    ...(headers ? { headers } : {}),
    ...(body
      ? {
          body: {
            required: true,
            content: {
              'application/json': { schema: body, example: example.body },
              ...(lines ? { 'application/x-ndjson': { schema: lines } } : {}),
            },
          },
        }
      : {}),
    ...(bytes ? { body: { content: { 'application/octet-stream': { schema: archive } } } } : {}),
    ...(upload
      ? {
          body: {
            required: true,
            content: {
              'application/zip': { schema: archive },
              'application/java-archive': { schema: archive },
              'application/octet-stream': { schema: archive },
            },
          },
        }
      : {}),
  }
}

function paramsOf(path: string, examples: Record<string, string> = {}) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  if (names.length === 0) return undefined
  const entries = names.map((name) => [name, z.string().meta({ example: examples[name] })])
  return z.object(Object.fromEntries(entries))
}

function headersOf({ events, etag, conditional, spoken }: Particulars, takesKey: boolean) {
  if (!takesKey && !events && !etag && !conditional && !spoken) return undefined
  return z.object({
    ...(takesKey
      ? {
          'Idempotency-Key': z
            .string()
            .regex(/^[\x21-\x7e]{1,255}$/)
            .optional()
            .describe('For a day the same key with the same request gets the same answer.'),
        }
      : {}),
    ...(events
      ? {
          'Last-Event-ID': z
            .string()
            .regex(/^\d{0,15}$/)
            .optional()
            .describe('Go on after the event of this id.'),
        }
      : {}),
    ...(conditional
      ? {
          'If-Match': z
            .string()
            .optional()
            .describe('ETag of the file or of the whole draft that the change was made on, or *.'),
        }
      : {}),
    ...(etag ? { 'If-None-Match': z.string().optional() } : {}),
    ...(spoken
      ? { 'Accept-Language': z.string().optional().describe('Chinese (zh) or English (en).') }
      : {}),
  })
}
