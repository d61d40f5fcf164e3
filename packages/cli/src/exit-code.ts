import { FAILURES, type Failure, PacklineError } from '@packline/shared'
import { CommanderError } from 'commander'

/**
 * Exit codes: 1 the build or package is wrong, 2 usage, 3 not allowed, 4 no server, 5 timed out.
 */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  return error instanceof PacklineError ? exitCodeOfFailure(error) : 1
}

export function exitCodeOfFailure({ code }: Pick<Failure, 'code'>): number {
  const { status } = FAILURES[code]
  if (status === 400) return 2
  if (status === 401 || status === 403) return 3
  if (code === 'SERVER_UNREACHABLE') return 4
  return code === 'TIMED_OUT' ? 5 : 1
}
