import { type BuildView, type Failure, isTerminal } from '@packline/shared'
import Table from 'cli-table3'
import { size } from './progress.ts'

/** One example and what came of it. */
export interface Row {
  name: string
  runtime: string
  /** Undefined: it was not built, and `lacks` says why. */
  build?: BuildView
  lacks?: string
}

/** The result of a batch for people: function, runtime, size, verdict, findings, time, package. */
export function resultTable(rows: readonly Row[]): string {
  const table = new Table({
    head: ['function', 'runtime', 'size', 'verdict', 'findings', 'time', 'package'],
    style: { head: [], border: [], compact: true },
  })
  for (const { name, runtime, build, lacks } of rows) {
    if (!build) table.push([name, runtime, '', 'not built', '', '', lacks ?? ''])
    else table.push([name, runtime, ...columns(build)])
  }
  return table.toString()
}

function columns(build: BuildView): string[] {
  const findings = String(build.findings ?? 0)
  const { package: made, verdict, failure } = build
  if (made)
    return [size(made.size), verdict?.verdict ?? '', findings, time(build), shortened(made.address)]
  return ['', build.state, findings, time(build), failure?.code ?? build.cancelReason ?? '']
}

/** From being asked for to the end. */
function time({ state, createdAt, finishedAt }: BuildView): string {
  if (!isTerminal(state) || !finishedAt) return ''
  return `${((Date.parse(finishedAt) - Date.parse(createdAt)) / 1000).toFixed(1)} s`
}

/** The digest's middle says nothing to a person; GET /v1/builds/ID has all of it. */
function shortened(address: string): string {
  return address.replace(/([0-9a-f]{12})[0-9a-f]{52}(?=\.)/, '$1…')
}

/** A failure in one screen: what, where, how to mend it, what the tool said. */
export function failureText(name: string, failure: Failure): string {
  const lines = [
    `${name} failed at ${failure.step ?? 'the start'}: ${failure.title} (${failure.code})`,
  ]
  const findings = failure.findings ?? []
  if (findings.length === 0) lines.push(`  found  ${failure.detail}`)
  for (const { rule, message, hint, path, line } of findings) {
    const place = path === undefined ? '' : ` [${path}${line === undefined ? '' : `:${line}`}]`
    lines.push(`  ${rule}  ${message}${place}`)
    if (hint) lines.push(`  mend   ${hint}`)
  }
  if (failure.hint && findings.length === 0) lines.push(`  mend   ${failure.hint}`)
  lines.push(...(failure.output ?? []).slice(-12).map((text) => `  | ${text}`))
  return lines.join('\n')
}
