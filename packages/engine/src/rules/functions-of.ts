import type { EntryRule } from '../texts/handler-exists.ts'

/** The functions that a package must have, each with the rule that tells when it has not. */
export function functionsOf(
  handler: string,
  initializer: string | undefined,
): readonly [EntryRule, string][] {
  const functions: [EntryRule, string][] = [['handler-exists', handler]]
  if (initializer === undefined) return functions
  return [...functions, ['initializer', initializer.slice(initializer.lastIndexOf('.') + 1)]]
}
