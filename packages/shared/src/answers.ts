import * as z from 'zod'

/** What a 202 says: what was made, and where it is followed. */
export const acceptedSchema = z
  .object({
    id: z.string(),
    events: z.string().describe('The path of its event stream.'),
    retryOf: z.string().optional(),
  })
  .meta({ id: 'Accepted' })
export type Accepted = z.output<typeof acceptedSchema>

export const acceptedBatchSchema = z
  .object({ ...acceptedSchema.shape, builds: z.array(z.string()).describe('In the order asked.') })
  .meta({ id: 'AcceptedBatch' })
export type AcceptedBatch = z.output<typeof acceptedBatchSchema>

export const uploadedSchema = z
  .object({
    upload: z.string().describe('The id that a source names.'),
    sha256: z.string(),
    size: z.int().describe('Bytes.'),
    format: z.enum(['zip', 'jar']),
    entries: z.int(),
  })
  .meta({ id: 'Uploaded' })
export type Uploaded = z.output<typeof uploadedSchema>

/** How many were cancelled, or removed. */
export const cancelledSchema = z.object({ cancelled: z.int().min(0) })
export const droppedSchema = z.object({ dropped: z.int().min(0) })
