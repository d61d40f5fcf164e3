import * as z from 'zod'
import { LIMITS } from './limits.ts'
import { says } from './says.ts'

/** As newId makes them: ten characters of time, sixteen of chance. */
const ID = '[0-9a-hjkmnp-tv-z]{26}'

/** Paging of every list. A filter that there is not would else answer what nobody asked for. */
export const pageQuery = z.strictObject({
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(LIMITS.listPageMax).default(LIMITS.listPageDefault),
})

/**
 * Paging of a list whose cursors have this form: any other would begin anew, or end, as if it were
 * one. That what it names is still there is not asked for.
 */
export function pageBy(cursor: RegExp) {
  return pageQuery.extend({
    cursor: z
      .string()
      .regex(cursor, says({ en: 'must be the next of the page before', zh: '应为上一页的 next' }))
      .optional(),
  })
}

/** Of things with ids, newest first. */
export function pageById(prefix: 'b' | 'batch' | 'h' | 'pkl_') {
  return pageBy(new RegExp(`^${prefix}${ID}$`))
}

/** Of functions and dependency packages. */
export const namesQuery = pageBy(/^[A-Za-z][A-Za-z0-9_.-]{0,95}$/)

/** Of what is numbered: packages of a function, revisions of a dependency package. */
export const numbersQuery = pageBy(/^[1-9]\d{0,8}$/)
