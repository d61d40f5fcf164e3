import type { FailureCode, Words } from '@packline/shared'

/** What a build tool's words mean; the first whose pattern is found holds. */
export interface Meaning {
  pattern: RegExp
  code: FailureCode
  detail: (match: readonly string[]) => Words
  hint?: Words
}

/** Lines of a tool's output that a failure shows. */
export const OUTPUT_LINES_MAX = 40
