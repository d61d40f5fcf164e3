import { type Failure, type Finding, rulePages, type VerdictReason } from '@packline/shared'
import { counted } from '../quantities.ts'
import { row } from '../rows.ts'

/** What is known of one package; `failure`: why the platform would not take or start it. */
export interface AuditRow {
  package: string
  runtime?: string
  handler?: string
  verdict?: VerdictReason
  findings: Finding[]
  failure?: Pick<Failure, 'code' | 'title' | 'detail' | 'hint'>
}

export const FORMATS = ['table', 'json', 'csv'] as const
export type AuditFormat = (typeof FORMATS)[number]

/** One row per package, in the order they are given. */
export function auditText(rows: readonly AuditRow[], format: AuditFormat): string {
  return TEXTS[format](rows)
}

const TEXTS: Record<AuditFormat, (rows: readonly AuditRow[]) => string> = {
  json: (rows) => JSON.stringify(rows, null, 2),
  csv: (rows) => [HEADERS, ...rows.map(cellsOf)].map(csvLine).join('\r\n'),
  table: (rows) => [...table([HEADERS, ...rows.map(cellsOf)]), '', ...summary(rows)].join('\n'),
}

const HEADERS = ['package', 'runtime', 'verdict', 'errors', 'warnings', 'notes', 'what was found']

function cellsOf({ package: name, runtime = '', verdict, findings, failure }: AuditRow): string[] {
  const count = (level: Finding['level']) =>
    String(findings.filter((finding) => finding.level === level).length)
  const word = failure ? 'fails' : (verdict?.verdict.replace('-', ' ') ?? '')
  const counts = [count('error'), count('warning'), count('note')]
  return [name, runtime, word, ...counts, found(findings, failure)]
}

/** The first of the worst with its words, of the others their rules: one line is to be read. */
function found(findings: readonly Finding[], failure: AuditRow['failure']): string {
  const [worst, ...others] = findings.toSorted((a, b) => severity(a) - severity(b))
  if (!worst || (failure && failure.code !== 'VALIDATION_FAILED')) {
    return oneLine(failure ? `${failure.code}: ${failure.detail}` : '')
  }
  const rules = [...new Set(others.map(({ rule }) => rule))].filter((rule) => rule !== worst.rule)
  const more = rules.length > 0 ? `; also ${rules.join(', ')}` : ''
  return oneLine(`${worst.rule}: ${worst.message}${more}`)
}

const LEVELS: readonly Finding['level'][] = ['error', 'warning', 'note']

function severity({ level }: Finding): number {
  return LEVELS.indexOf(level)
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').trim()
}

/** RFC 4180; a cell that a spreadsheet would take for a formula is told to be text. */
function csvLine(cells: readonly string[]): string {
  const safe = cells.map((cell) => (/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell))
  return safe
    .map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',')
}

function table(lines: readonly string[][]): string[] {
  const widths = HEADERS.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  return lines.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function summary(rows: readonly AuditRow[]): string[] {
  const failing = rows.filter(({ failure }) => failure).length
  const warned = rows.filter(
    ({ failure, findings }) => !failure && findings.some(({ level }) => level === 'warning'),
  ).length
  const pages = rulePages(rows.flatMap(({ findings }) => findings))
  const told = `${counted(rows.length, 'package')}: ${failing} would fail, ${warned} with warnings`
  return [told, ...(pages.length > 0 ? [row('rules', pages.join('\n'))] : [])]
}
