import * as z from 'zod'

/** A page of a list. It may be short, even empty, and still have a `next`: scans are bounded. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    next: z
      .string()
      .optional()
      .describe('The cursor of the next page; without it this is the last.'),
  })
}
