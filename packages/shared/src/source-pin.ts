import * as z from 'zod'

/** What was found behind a source, exactly enough to build the same again. */
export const sourcePinSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('inline'), sha256: z.string() }),
    z.object({ kind: z.literal('upload'), sha256: z.string(), size: z.int() }),
    z.object({
      kind: z.literal('git'),
      url: z.string(),
      ref: z.string(),
      commit: z.string(),
      path: z.string().optional(),
    }),
    z.object({
      kind: z.literal('url'),
      url: z.string(),
      finalUrl: z.string().optional().describe('Where redirects led to.'),
      format: z.enum(['zip', 'tar.gz']).describe('By its bytes; a JAR is a ZIP.'),
      sha256: z.string(),
      size: z.int(),
    }),
    z.object({
      kind: z.literal('object'),
      address: z.string(),
      etag: z.string(),
      sha256: z.string(),
      size: z.int(),
    }),
    z.object({ kind: z.literal('folder'), sha256: z.string() }),
    z.object({ kind: z.literal('draft'), version: z.int(), sha256: z.string() }),
  ])
  .meta({ id: 'SourcePin' })
export type SourcePin = z.output<typeof sourcePinSchema>
