import {
  type Failure,
  type FailureCode,
  type Finding,
  findingsInLanguage,
  type Language,
  ruleAndMessage,
  type VerdictReason,
  type Words,
  wordsInLanguage,
} from '@packline/shared'
import { columns, counted } from '@packline/terminal'
import { explainRows, mendRow } from '../rows.ts'
import type { AuditFormat } from './formats.ts'

/**
 * What is known of one package; `failure`: why the platform would not take or start it, or why
 * nobody can tell.
 */
export interface AuditRow {
  package: string
  runtime?: string
  handler?: string
  verdict?: VerdictReason
  findings: Finding[]
  failure?: Failure
}

/** Whether a package would fail: one of which nobody knows as what to check it is not told to. */
export function wouldFail({ failure }: AuditRow): boolean {
  return failure !== undefined && !UNTOLD.has(failure.code)
}

/** What files do not show, and what options say of all packages that can not be of this one. */
const UNTOLD: ReadonlySet<FailureCode> = new Set([
  'RUNTIME_NOT_DETECTED',
  'UNKNOWN_VERSION',
  'INVALID_REQUEST',
  'HANDLER_FORM',
])

/**
 * One row per package, in the order they are given, in the reader's language; JSON has all. CSV's
 * columns and verdicts are for programs as well, and in English in every language.
 */
export function auditText(
  rows: readonly AuditRow[],
  format: AuditFormat,
  language: Language,
): string {
  if (format === 'json') return JSON.stringify(rows, null, 2)
  const told = rows.map((row) => inLanguage(row, language))
  const lines = told.map((row) => cellsOf(row, format === 'csv' ? 'en' : language, language))
  if (format === 'csv') return [HEADERS.en, ...lines].map(csvLine).join('\r\n')
  return [columns([HEADERS[language], ...lines]), '', ...summary(told, language)].join('\n')
}

/** What failed and was found, as it is to be read. */
function inLanguage(row: AuditRow, language: Language): AuditRow {
  const { failure, findings } = row
  const told = { ...row, findings: findingsInLanguage(findings, language) }
  return failure
    ? { ...told, failure: { ...failure, ...wordsInLanguage(failure, language) } }
    : told
}

const HEADERS: Record<Language, readonly string[]> = {
  en: ['package', 'runtime', 'handler', 'verdict', 'errors', 'warnings', 'notes', 'what was found'],
  zh: ['部署包', '运行时', '执行入口', '结论', '错误', '警告', '提示', '发现的问题'],
}

/** `words`: the language of the verdict; `language`: that of what was found. */
function cellsOf(row: AuditRow, words: Language, language: Language): string[] {
  const { package: name, runtime = '', handler = '', findings, failure } = row
  const count = (level: Finding['level']) =>
    String(findings.filter((finding) => finding.level === level).length)
  const counts = [count('error'), count('warning'), count('note')]
  return [name, runtime, handler, wordOf(row, words), ...counts, found(findings, failure, language)]
}

const FAILS: Words = { en: 'fails', zh: '不可用' }
const NOT_TOLD: Words = { en: 'not told', zh: '无法判断' }

function wordOf(row: AuditRow, language: Language): string {
  if (wouldFail(row)) return FAILS[language]
  return row.failure ? NOT_TOLD[language] : (row.verdict?.verdict.replace('-', ' ') ?? '')
}

/** The first of the worst with its words, of the others their rules: one line is to be read. */
function found(
  findings: readonly Finding[],
  failure: AuditRow['failure'],
  language: Language,
): string {
  const sorted = findings.toSorted((a, b) => severity(a) - severity(b))
  const [worst, ...others] = sorted
  if (failure && (!worst || failure.code !== 'VALIDATION_FAILED')) {
    return oneLine(`${failure.code}: ${FAULT[language](failure)}${also(sorted, language)}`)
  }
  if (!worst) return ''
  const rest = others.filter(({ rule }) => rule !== worst.rule)
  return oneLine(`${ruleAndMessage(worst)}${also(rest, language)}`)
}

function also(findings: readonly Finding[], language: Language): string {
  const rules = [...new Set(findings.map(({ rule }) => rule))]
  return rules.length > 0 ? ALSO[language](rules) : ''
}

type Fault = NonNullable<AuditRow['failure']>

const FAULT: Record<Language, (failure: Fault) => string> = {
  en: ({ detail }) => detail,
  zh: ({ title, detail }) => `${title}（${detail}）`,
}
const ALSO: Record<Language, (rules: readonly string[]) => string> = {
  en: (rules) => `; also ${rules.join(', ')}`,
  zh: (rules) => `；另有 ${rules.join('、')}`,
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

function summary(rows: readonly AuditRow[], language: Language): string[] {
  const failing = rows.filter(wouldFail).length
  const untold = rows.filter((row) => row.failure && !wouldFail(row))
  const hints = new Set(untold.flatMap(({ failure }) => failure?.hint ?? []))
  const warned = rows.filter(
    ({ failure, findings }) => !failure && findings.some(({ level }) => level === 'warning'),
  ).length
  const all = rows.flatMap(({ findings }) => findings)
  const more = untold.length > 0
  const told: Words = {
    en: `${counted(rows.length, 'package')}: ${failing} would fail, ${warned} with warnings${more ? `, ${untold.length} not told` : ''}`,
    zh: `共 ${rows.length} 个部署包：${failing} 个不可用，${warned} 个有警告${more ? `，${untold.length} 个无法判断` : ''}`,
  }
  return [told[language], ...[...hints].map(mendRow), ...explainRows(all)]
}
