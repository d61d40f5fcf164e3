import { type Finding, rulePages } from '@packline/shared'
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
export function findingRows({ level, rule, message, path, line, hint }: Finding): string[] {
  const place = path === undefined ? '' : ` [${path}${line === undefined ? '' : `:${line}`}]`
  const found = row(level, `${rule}: ${message.trimEnd()}${place}`)
  return hint === undefined ? [found] : [found, mendRow(hint)]
}

/** Where the rules are explained that found something. */
export function pagesRows(findings: readonly Finding[]): string[] {
  return findings.length === 0 ? [] : [row('rules', rulePages(findings).join('\n'))]
}

/** How to mend it, in the words of the command line. */
export function mendRow(hint: string): string {
  return row('mend', inOptions(hint))
}
