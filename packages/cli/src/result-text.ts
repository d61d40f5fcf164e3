import type { BuildReport, Finding, StoredPackage } from '@packline/shared'
import { counted, size } from './quantities.ts'
import { findingRows, pagesRows, row } from './rows.ts'

/** What a user wants of a finished package: where, how large, how sure, what next. */
export function resultText(path: string, made: StoredPackage, report: BuildReport): string {
  const files = counted(made.entries, 'file')
  return [
    row('package', path),
    row('size', `${size(made.size)} (${files}, ${size(made.unpackedSize)} unpacked)`),
    row('sha256', made.sha256),
    ...verdictRows(report),
    row('next', next(report)),
  ].join('\n')
}

/** How sure the package is to start, and what the rules found. */
export function verdictRows({ verdict, findings, isolation }: BuildReport): string[] {
  return [
    row('verdict', `${verdict.verdict.replace('-', ' ')}: ${verdict.because}`),
    row('sandbox', isolation),
    row('findings', countsOf(findings)),
    ...findings.flatMap(findingRows),
    ...pagesRows(findings),
  ]
}

function countsOf(findings: readonly Finding[]): string {
  const levels = ['error', 'warning', 'note'] as const
  const counts = levels.flatMap((level) => {
    const count = findings.filter((finding) => finding.level === level).length
    return count === 0 ? [] : [counted(count, level)]
  })
  return counts.join(', ') || 'none'
}

function next({ deploy, configuration }: BuildReport): string {
  const { runtime, version, handler, dependencies } = configuration
  const handled = handler === undefined ? '' : ` and handler ${handler}`
  const how = deploy?.direct
    ? 'upload it to the function'
    : "put it in an object storage bucket of the function's region and give its address"
  const attached = dependencies.length > 0 ? `, and ${dependencies.join(', ')} attached` : ''
  return `${how}, with runtime ${runtime} ${version}${handled}${attached}`
}
