import { verifyArchive } from '@packline/archive'
import { type Finding, PacklineError } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import type { Journal } from '../journal.ts'
import type { Package } from '../package.ts'
import { largestOf } from '../report.ts'
import { RULES } from '../rules/registry.ts'
import type { Order, Runtime, Subject } from '../runtimes/runtime.ts'
import type { Workbench } from '../workbench.ts'
import { proveLoad } from './prove-load.ts'

/** Findings that one rule may have; the last one counts the others. */
const FINDINGS_MAX = 50
const LEVELS: readonly Finding['level'][] = ['error', 'warning', 'note']

/**
 * Proves the finished package: its bytes, the rules, and a load of its handler.
 * Throws VALIDATION_FAILED where a finding is an error; the journal has all of them.
 */
export async function validate(
  packed: Package,
  runtime: Runtime,
  order: Order,
  context: BuildContext,
  bench: Workbench,
  journal: Journal,
): Promise<void> {
  const subject: Subject = { ...order, package: packed, dependencies: [] }
  journal.largest = largestOf(packed)
  await verifyArchive(packed.archive, { signal: context.signal })
  for (const rule of RULES) journal.findings.push(...bounded(await rule.check(subject, runtime)))
  journal.findings.push(...bounded(await runtime.check(subject)))
  refuseErrors(journal.findings)
  const proof = await proveLoad(subject, runtime, context, bench, journal.findings)
  journal.verdict = proof.verdict
  journal.test = proof.test
  journal.findings.push(...proof.findings)
  if (proof.tool) journal.tools.push(proof.tool)
  refuseErrors(journal.findings)
}

/** A tree of another machine breaks a rule ten thousand times over, which nobody reads. */
function bounded(findings: readonly Finding[]): readonly Finding[] {
  const bySeverity = findings.toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
  const [last, ...rest] = bySeverity.slice(FINDINGS_MAX - 1)
  if (!last || rest.length === 0) return findings
  const message = `${last.message} (and ${rest.length} more like it)`
  return [...bySeverity.slice(0, FINDINGS_MAX - 1), { ...last, message }]
}

function refuseErrors(findings: readonly Finding[]): void {
  const errors = findings.filter((finding) => finding.level === 'error')
  const [first] = errors
  if (!first) return
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''
  throw new PacklineError('VALIDATION_FAILED', `${first.rule}: ${first.message}${more}`, {
    hint: first.hint,
  })
}
