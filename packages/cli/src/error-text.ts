import { FAILURES, type Failure, PacklineError } from '@packline/shared'
import { findingRows, mendRow, outputRows, pagesRows, row } from './rows.ts'

/** What stopped a command, in a few lines; a stack only where the mistake is ours. */
export function errorText(error: unknown): string {
  if (!(error instanceof PacklineError)) {
    return `error: packline made a mistake\n${error instanceof Error ? error.stack : String(error)}`
  }
  // What the title of a request that is not valid says, the message says better.
  const { title, status, hint } = FAILURES[error.code]
  const isUsage = status === 400
  const text = isUsage ? error.message : `${title}\n${error.message}`
  const mend = error.hint ?? (isUsage ? undefined : hint)
  const rows = [row('error', text), ...(mend ? [mendRow(mend)] : []), ...outputRows(error.output)]
  return rows.join('\n')
}

/** A failed build in one screen; what the tool said stands above it already, as it said it. */
export function failureText(failure: Failure): string {
  const { step, title, code, detail, hint, findings = [] } = failure
  const place = step ? `at ${step}: ` : ''
  const rows = [row('failed', `${place}${title} (${code})`)]
  if (findings.length === 0) {
    rows.push(row('found', detail))
    if (hint) rows.push(mendRow(hint))
  }
  rows.push(...findings.flatMap(findingRows), ...pagesRows(findings))
  return rows.join('\n')
}
