import { type Failure, isDiskFull, PacklineError, toFailure } from '@packline/shared'
import type { Journal } from '../journal.ts'

/** What ended the build, with its step and the findings that it is about. */
export function failureOf(error: unknown, journal: Journal): Failure {
  const failure = toFailure(translated(error), journal.failedIn)
  const findings = journal.findings.filter((finding) => finding.level === 'error')
  return failure.code === 'VALIDATION_FAILED' ? { ...failure, findings } : failure
}

/** The machine's own errors that are no mistake of ours. */
function translated(error: unknown): unknown {
  if (!isDiskFull(error)) return error
  return new PacklineError('DISK_FULL', 'The worker has no disk space left for the build', {
    cause: error,
  })
}
