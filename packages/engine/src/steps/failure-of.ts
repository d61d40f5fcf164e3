import { type Failure, failed, isDiskFull, toFailure, withPage } from '@packline/shared'
import type { Journal } from '../journal.ts'
import { limitFailures } from '../texts/failures/limits.ts'

/** What ended the build, with its step and the findings that it is about. */
export function failureOf(error: unknown, journal: Journal): Failure {
  const failure = toFailure(translated(error), journal.failedIn)
  const findings = journal.findings.filter((finding) => finding.level === 'error')
  if (failure.code !== 'VALIDATION_FAILED') return failure
  return { ...failure, findings: findings.map(withPage) }
}

/** The machine's own errors that are no mistake of ours. */
function translated(error: unknown): unknown {
  if (!isDiskFull(error)) return error
  return failed('DISK_FULL', limitFailures.diskFull(), { cause: error })
}
