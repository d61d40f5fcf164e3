import type { Stage } from './runtime.ts'

/** " (package.json:7)" for a dependency that the source itself asks for; nothing for any other. */
export function askedAt({ asked = {} }: Pick<Stage, 'asked'>, name: string): string {
  return Object.hasOwn(asked, name) ? ` (${asked[name]})` : ''
}
