import type {
  BuildReport,
  Finding,
  SplitPackage,
  StoredPackage,
  TestReport,
} from '@packline/shared'
import { counted, size } from '@packline/terminal'
import { explainRows, findingRows, row } from './rows.ts'

/** The dependency package that was put apart, and where it lies. */
export interface SplitAt extends SplitPackage {
  path: string
}

/** What a user wants of a finished package: where, how large, how sure, what next. */
export function resultText(
  path: string,
  made: StoredPackage,
  report: BuildReport,
  split?: SplitAt,
): string {
  return [
    row('package', path),
    row('size', sizeText(made)),
    row('sha256', made.sha256),
    ...mapRows(path, made),
    ...(split ? splitRows(split) : []),
    ...verdictRows(report),
    row('next', next(report)),
  ].join('\n')
}

function sizeText({ size: bytes, entries, unpackedSize }: StoredPackage): string {
  return `${size(bytes)} (${counted(entries, 'file')}, ${size(unpackedSize)} unpacked)`
}

function splitRows({ path, name, package: apart }: SplitAt): string[] {
  return [
    row('libraries', path),
    row('', `${sizeText(apart)}, the dependency package ${name}`),
    row('', `sha256 ${apart.sha256}`),
  ]
}

/** Where what is put apart lies beside a package. */
export function splitOf(path: string): string {
  return `${path.replace(/\.(zip|jar)$/, '')}.dependencies.zip`
}

/** Where a bundle's source map lies, where there is one. */
export function mapRows(path: string, { sourceMap }: Pick<StoredPackage, 'sourceMap'>): string[] {
  return sourceMap === undefined ? [] : [row('map', mapOf(path))]
}

/** A package's path with the end that its source map has. */
export function mapOf(path: string): string {
  return `${path}.map`
}

/** How sure the package is to start, and what the rules found. */
export function verdictRows(report: BuildReport): string[] {
  const { verdict, findings, isolation, test, mended } = report
  return [
    ...(mended.length > 0 ? [row('mended', mended.join('; '))] : []),
    row('verdict', `${verdict.verdict.replace('-', ' ')}: ${verdict.because}`),
    ...(test ? [row('test', testText(test))] : []),
    row('sandbox', isolation),
    row('findings', countsOf(findings)),
    ...findings.flatMap(findingRows),
    ...explainRows(findings),
  ]
}

const ANSWER_CHARS_MAX = 400

/** What came of the call with the test event. */
function testText({ ok, answer, message, ms }: TestReport): string {
  const said = JSON.stringify(answer) ?? 'nothing'
  const shown = said.length > ANSWER_CHARS_MAX ? `${said.slice(0, ANSWER_CHARS_MAX)}…` : said
  const time = ms === undefined ? '' : ` in ${Math.round(ms)} ms`
  return ok ? `answered${time}: ${shown}` : `failed: ${message ?? shown}`
}

function countsOf(findings: readonly Finding[]): string {
  const levels = ['error', 'warning', 'note'] as const
  const counts = levels.flatMap((level) => {
    const count = findings.filter((finding) => finding.level === level).length
    return count === 0 ? [] : [counted(count, level)]
  })
  return counts.join(', ') || 'none'
}

function next(report: BuildReport): string {
  const { runtime, version, handler, dependencies } = report.configuration
  const handled = handler === undefined ? '' : ` and handler ${handler}`
  const how = howToDeploy(report)
  const attached = dependencies.length > 0 ? `, and ${dependencies.join(', ')} attached` : ''
  return `${how}, with runtime ${runtime} ${version}${handled}${attached}`
}

function howToDeploy({ deploy, package: stored }: BuildReport): string {
  if (deploy?.direct) return 'upload it to the function'
  if (stored?.deployFrom !== undefined) return `give the function its address ${stored.deployFrom}`
  return "put it in an object storage bucket of the function's region and give its address"
}
