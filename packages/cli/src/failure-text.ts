import { FAILURES, type Failure, type Finding, PacklineError } from '@packline/shared'
import { CommanderError } from 'commander'

/**
 * Exit codes: 1 the build or package is wrong, 2 usage, 3 not allowed, 4 no server, 5 timed out.
 */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (!(error instanceof PacklineError)) return 1
  return exitCodeOfFailure(error)
}

export function exitCodeOfFailure({ code }: Pick<Failure, 'code'>): number {
  const { status } = FAILURES[code]
  if (status === 400) return 2
  if (status === 401 || status === 403) return 3
  if (code === 'SERVER_UNREACHABLE') return 4
  return code === 'TIMED_OUT' ? 5 : 1
}

/** An error in a few lines; commander has printed its own already. */
export function explain(error: unknown): string {
  if (error instanceof CommanderError) return ''
  if (!(error instanceof PacklineError)) {
    return `packline made a mistake: ${error instanceof Error ? error.stack : String(error)}`
  }
  const lines = [`${FAILURES[error.code].title}: ${error.message}`]
  if (error.hint) lines.push(`  mend  ${error.hint}`)
  lines.push(...(error.output ?? []).slice(-20).map((line) => `  | ${line}`))
  return lines.join('\n')
}

/** A failed build in one screen: what was found, what was expected, where, how to mend it. */
export function failureText(failure: Failure): string {
  const where = failure.step ? ` at ${failure.step}` : ''
  const lines = [`failed${where}: ${failure.title} (${failure.code})`]
  const findings = failure.findings ?? []
  if (findings.length === 0) lines.push(`  ${failure.detail}`)
  if (findings.length === 0 && failure.hint) lines.push(`  mend  ${failure.hint}`)
  lines.push(...findings.map(findingText))
  lines.push(...(failure.output ?? []).slice(-20).map((line) => `  | ${line}`))
  return lines.join('\n')
}

/** One finding: level, rule, message, place, and how to mend it. */
export function findingText(finding: Finding): string {
  const line = finding.line === undefined ? '' : `:${finding.line}`
  const place = finding.path === undefined ? '' : `  [${finding.path}${line}]`
  const mend = finding.hint ? `\n    mend  ${finding.hint}` : ''
  return `  ${finding.level}  ${finding.rule}: ${finding.message}${place}${mend}`
}
