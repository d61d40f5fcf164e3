import { type Finding, ruleAndMessage } from '@packline/shared'
import { explaining } from '@packline/terminal'
import { inOptions } from './in-options.ts'

const LABEL_WIDTH = 10

/** A label and a value in two columns; further lines of the value stay in the second. */
export function row(label: string, value: string): string {
  const indent = `\n${' '.repeat(LABEL_WIDTH)}`
  return `${label.padEnd(LABEL_WIDTH - 1)} ${value.replaceAll('\n', indent)}`
}

/** The last lines of what a tool printed, marked as somebody else's words. */
export function outputRows(output: readonly string[] = []): string[] {
  return output.slice(-20).map((line) => row('', `| ${line}`))
}

/** One finding: level, rule, message, place, and how to mend it. */
export function findingRows(finding: Finding): string[] {
  const { level, path, line, hint } = finding
  const place = path === undefined ? '' : ` [${path}${line === undefined ? '' : `:${line}`}]`
  const found = row(level, `${ruleAndMessage(finding).trimEnd()}${place}`)
  return hint === undefined ? [found] : [found, mendRow(hint)]
}

/** How to read more of the rules that found something. */
export function explainRows(findings: readonly Finding[]): string[] {
  return findings.length === 0 ? [] : [row('more', explaining(findings))]
}

/** How to mend it, in the words of the command line. */
export function mendRow(hint: string): string {
  return row('mend', inOptions(hint))
}
