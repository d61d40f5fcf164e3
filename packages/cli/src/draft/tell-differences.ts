import type { Differences } from './differences.ts'

const NAMED_MAX = 20

/** Paths in a line, as many as one reads. */
export function namesIn(paths: readonly string[]): string {
  const rest = paths.length - NAMED_MAX
  return paths.slice(0, NAMED_MAX).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

/** What differs, a line for each side that has changed something. */
export function differenceLines({ here, there, both }: Differences): string[] {
  const sides = [
    ['only in the draft', there],
    ['only here', here],
    ['in both', both],
  ] as const
  return sides.flatMap(([side, paths]) =>
    paths.length === 0 ? [] : [`changed ${side}: ${namesIn(paths)}`],
  )
}
