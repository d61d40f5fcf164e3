import type { Listed } from '@packline/client'
import { LIMITS } from '@packline/shared'

/** A list to its end, or to `most` of it, page by page. */
export async function everyPage<T>(
  ask: (page: { limit: number; cursor?: string }) => Promise<Listed<T>>,
  most = Number.POSITIVE_INFINITY,
): Promise<T[]> {
  const found: T[] = []
  let cursor: string | undefined
  do {
    const limit = Math.min(most - found.length, LIMITS.listPageMax)
    const page = await ask({ limit, cursor })
    found.push(...page.items)
    cursor = page.next
  } while (cursor !== undefined && found.length < most)
  return found
}
