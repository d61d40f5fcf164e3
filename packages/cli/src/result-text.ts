import type { BuildReport, StoredPackage } from '@packline/shared'
import { findingText } from './failure-text.ts'

/** What a user wants of a finished package: where, how large, how sure, what next. */
export function resultText(path: string, made: StoredPackage, report: BuildReport): string {
  const { verdict, because } = report.verdict
  const files = `${made.entries} ${made.entries === 1 ? 'file' : 'files'}`
  const rows = [
    ['package', path],
    ['size', `${size(made.size)} (${files}, ${size(made.unpackedSize)} unpacked)`],
    ['sha256', made.sha256],
    ['runtime', `${report.runtime} ${report.version} (${report.detectedBecause})`],
    ['verdict', `${verdict.replace('-', ' ')}: ${because}`],
    ['sandbox', report.isolation],
    ['findings', report.findings.length === 0 ? 'none' : String(report.findings.length)],
  ]
  const text = rows.map(([name = '', value]) => `${name.padEnd(9)} ${value}`)
  text.push(...report.findings.map(findingText), `${'next'.padEnd(9)} ${next(report)}`)
  return text.join('\n')
}

function next({ deploy, configuration }: BuildReport): string {
  const handler = configuration.handler === undefined ? '' : ` and handler ${configuration.handler}`
  const how = deploy?.direct
    ? 'upload it to the function'
    : "put it in an object storage bucket of the function's region and give its address"
  return `${how}, with runtime ${configuration.runtime} ${configuration.version}${handler}`
}

/** Bytes as people read them, in binary units. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 ** 2) return `${(bytes / 1024).toFixed(1)} KiB`
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`
}
