import * as z from 'zod'
import { says, saysName } from './says.ts'

const NAME = '[A-Za-z][A-Za-z0-9_.-]{0,95}'

/** What `build.split` calls the packages that it puts apart; nobody else can give such a name. */
export const SPLIT_PREFIX = 'split-'

/** A dependency package's name (package-rules.md part 3). */
export const dependencyNameSchema = z.string().regex(new RegExp(`^${NAME}$`), saysName(96))

/** How a request names one: `name@revision`, or `name` for the newest revision. */
export const dependencyRefSchema = z.string().regex(
  new RegExp(`^${NAME}(@[1-9][0-9]{0,8})?$`),
  says({
    en: 'must be name@revision, such as my-libraries@2, or the name alone for the newest revision',
    zh: '应为 name@revision，例如 my-libraries@2；只写名称即为最新修订',
  }),
)

/** A revision, exactly enough to use the same again; in a build's record before it is used. */
export const dependencyPinSchema = z.object({
  name: z.string(),
  revision: z.int().min(1),
  sha256: z.string(),
  size: z.int().describe('Bytes.'),
})
export type DependencyPin = z.output<typeof dependencyPinSchema>

export function parseDependencyRef(ref: string): { name: string; revision?: number } {
  const [name = '', revision] = ref.split('@')
  return revision === undefined ? { name } : { name, revision: Number(revision) }
}

export function dependencyRef({ name, revision }: { name: string; revision: number }): string {
  return `${name}@${revision}`
}
