import * as z from 'zod'
import { BUILD_STATES } from './event.ts'
import { labelTextSchema } from './labels.ts'
import { pageById } from './page-query.ts'
import { SAYS_TIME } from './says.ts'

/** A moment, as queries have it. */
export const timeQuery = z.iso
  .datetime({ offset: true, ...SAYS_TIME })
  .transform((text) => new Date(text))

/** `name:value`. */
const label = labelTextSchema.transform((text) => {
  const colon = text.indexOf(':')
  return { name: text.slice(0, colon), value: text.slice(colon + 1) }
})

/** Filters of the list of builds; all that are given must hold. */
export const buildsQuery = pageById('b').extend({
  state: z.enum(BUILD_STATES).optional(),
  function: z.string().max(96).optional(),
  /** Builds of this dependency package. */
  dependency: z.string().max(96).optional(),
  batch: z.string().max(64).optional(),
  label: label.optional(),
  after: timeQuery.optional(),
  before: timeQuery.optional(),
})

/** Filters of the list of batches. */
export const batchesQuery = pageById('batch').extend({ label: label.optional() })

export const hooksQuery = pageById('h')
export const keysQuery = pageById('pkl_')

/** Whether the calls carry the package itself, in base64: ready to be sent as they are. */
export const deploymentQuery = z.object({ code: z.enum(['embedded']).optional() })

/** How an upload's names are read where they do not say that they are UTF-8. */
export const uploadQuery = z.object({ entryNameEncoding: z.enum(['gb18030']).optional() })

/** What a path names of a dependency package. */
export const revisionParameter = z.object({
  name: z.string(),
  revision: z.coerce.number().int().min(1).max(999_999_999),
})
