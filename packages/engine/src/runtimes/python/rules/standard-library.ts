import { readFileSync } from 'node:fs'
import type { Words } from '@packline/shared'
import * as z from 'zod'
import { verbatim } from '../../../words.ts'

/** Ranges of versions ("2.7 to 3.11"), each with its modules in one text. */
const schema = z.strictObject({
  source: z.string(),
  versions: z.array(z.string()),
  modules: z.record(z.string(), z.string()),
})

const { versions: VERSIONS, modules } = schema.parse(
  JSON.parse(readFileSync(new URL('standard-library.json', import.meta.url), 'utf8')),
)

/** Module -> places in VERSIONS of the first and the last that has it. */
const SPANS: ReadonlyMap<string, readonly [number, number]> = new Map(
  Object.entries(modules).flatMap(([range, names]) => {
    const [first = '', last = first] = range.split(' to ')
    const span = [VERSIONS.indexOf(first), VERSIONS.indexOf(last)] as const
    return names.split(' ').map((name) => [name, span] as const)
  }),
)

/** Whether a Python's standard library, on Linux, has a top-level module of this name. */
export function isStandard(name: string, version: string): boolean {
  const span = SPANS.get(name)
  const at = placeOf(version)
  return span !== undefined && span[0] <= at && at <= span[1]
}

/** Which versions have it where this one has not, such as "2.7 to 3.11"; undefined: none has. */
export function standardElsewhere(name: string): Words | undefined {
  const span = SPANS.get(name)
  if (!span) return undefined
  const [first, last] = span.map((at) => VERSIONS[at])
  if (first === undefined) return undefined
  if (first === last) return verbatim(first)
  return { en: `${first} to ${last}`, zh: `${first} 至 ${last}` }
}

/** A version that is newer than the list has the modules of the newest in it. */
function placeOf(version: string): number {
  const minor = version.split('.').slice(0, 2).join('.')
  const at = VERSIONS.indexOf(minor)
  return at < 0 ? VERSIONS.length - 1 : at
}
