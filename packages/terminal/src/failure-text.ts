import { type Failure, type Finding, ruleAndMessage, rulesOf } from '@packline/shared'

/** Lines of a tool's output that are shown; the log has all of them. */
const OUTPUT_LINES_MAX = 12

/** A failure in one screen: what was found and where, how to mend it, what the tool said. */
export function failureText(name: string, failure: Failure): string {
  const { findings = [], output = [], title, code, step } = failure
  const place = step === undefined ? 'before its first step' : `at ${step}`
  const told = findings.length > 0 ? findingsLines(findings) : detailLines(failure)
  const said = output.slice(-OUTPUT_LINES_MAX).map((text) => `  | ${text}`)
  return [`${name} failed ${place}: ${title} (${code})`, ...told, ...said].join('\n')
}

function findingsLines(findings: readonly Finding[]): string[] {
  return [...findings.flatMap(findingLines), `  more   ${explaining(findings)}`]
}

/** The command that explains the rules of some findings. */
export function explaining(findings: readonly Pick<Finding, 'rule'>[]): string {
  return `packline explain ${rulesOf(findings).join(' ')}`
}

function findingLines(finding: Finding): string[] {
  const { hint, path, line } = finding
  const place = path === undefined ? '' : ` [${path}${line === undefined ? '' : `:${line}`}]`
  return [`  ${ruleAndMessage(finding)}${place}`, ...mendLines(hint)]
}

function detailLines({ detail, hint }: Failure): string[] {
  return [`  found  ${detail}`, ...mendLines(hint)]
}

function mendLines(hint: string | undefined): string[] {
  return hint === undefined ? [] : [`  mend   ${hint}`]
}
