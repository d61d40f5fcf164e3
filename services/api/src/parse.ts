import { PacklineError } from '@packline/shared'
import type * as z from 'zod'

/** The body or query by its schema; throws INVALID_REQUEST that names the place of the mistake. */
export function parse<T extends z.ZodType>(schema: T, given: unknown, where: string): z.output<T> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const [issue, ...others] = parsed.error.issues
  const at = issue ? placeOf(issue.path) : ''
  const more = others.length > 0 ? ` (and ${others.length} more)` : ''
  throw new PacklineError(
    'INVALID_REQUEST',
    `${at || where}: ${issue ? messageOf(issue) : 'is not right'}${more}`,
    { at: at || undefined, hint: 'GET /openapi.json has the schema of every request.' },
  )
}

/** Such as `builds[3].handler`. */
function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, part) => {
    if (typeof part === 'number') return `${place}[${part}]`
    return place === '' ? String(part) : `${place}.${String(part)}`
  }, '')
}

/** The innermost mistake where several forms were possible. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_union') return issue.message
  const inner = issue.errors.flat().toSorted((a, b) => b.path.length - a.path.length)[0]
  return inner?.message ?? issue.message
}
