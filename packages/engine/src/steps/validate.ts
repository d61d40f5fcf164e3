import { verifyArchive } from '@packline/archive'
import {
  type BuildRequest,
  dependencyRef,
  type Finding,
  failed,
  type RuleId,
  ruleAndMessage,
  type UsedDependency,
} from '@packline/shared'
import type { BuildContext } from '../context.ts'
import { reworded } from '../finding.ts'
import type { Journal } from '../journal.ts'
import type { AttachedPackage, Package } from '../package.ts'
import { RULES } from '../rules/registry.ts'
import type { Rule } from '../rules/rule.ts'
import type { Order, Runtime, Subject } from '../runtimes/runtime.ts'
import { sizeTable } from '../size-table.ts'
import { othersToo } from '../texts/failures/others-too.ts'
import type { Workbench } from '../workbench.ts'
import { openAttached } from './attach.ts'
import { proveLoad } from './prove-load.ts'

/** Findings that one rule may have; the last one counts the others. */
const FINDINGS_MAX = 50
/** Rules that may answer otherwise for a function than when its dependency package was made. */
const ASKED_AGAIN: ReadonlySet<RuleId> = new Set([
  'dependency-package',
  'target-arch',
  'target-libc',
])
const RULES_OF_ATTACHED = RULES.filter(({ id }) => ASKED_AGAIN.has(id))
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
  const { signal } = context
  const attached = await openAttached(order, context, bench)
  const dependencies = packed.split ? [...attached, packed.split] : attached
  const subject: Subject = { ...order, package: packed, dependencies, signal }
  journal.largest = sizeTable(packed.archive.entries)
  journal.dependencies = dependencies.map((one) => usedOf(one, packed))
  for (const { archive } of packed.split ? [packed, packed.split] : [packed]) {
    await verifyArchive(archive, { signal })
  }
  journal.findings.push(...(await findingsOf(subject, runtime)))
  for (const one of dependencies) {
    journal.findings.push(...(await dependencyFindings(one, subject, runtime)))
  }
  refuseErrors(journal.findings)
  const proof = await proveLoad(subject, runtime, context, bench, journal.findings)
  journal.verdict = proof.verdict
  journal.test = proof.test
  journal.findings = [...raised(journal.findings, proof.findings), ...proof.findings]
  if (proof.tool) journal.tools.push(proof.tool)
  refuseErrors(journal.findings)
}

function usedOf({ name, revision, file }: AttachedPackage, { split }: Package): UsedDependency {
  const { sha256, size, unpackedSize } = file
  return {
    name,
    revision,
    sha256,
    size,
    unpackedSize,
    from: name === split?.name ? 'split' : 'request',
  }
}

async function findingsOf(subject: Subject, runtime: Runtime): Promise<Finding[]> {
  const findings = await ruleFindings(subject, runtime, RULES)
  return [...findings, ...bounded(await runtime.check(subject))]
}

async function ruleFindings(
  subject: Subject,
  runtime: Runtime,
  rules: readonly Rule[],
): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const rule of rules) findings.push(...bounded(await rule.check(subject, runtime)))
  return findings
}

/**
 * A dependency package looked at for itself, as its own build would; its paths are no others'. Of
 * an attached one that build has said all but what may have changed since.
 */
async function dependencyFindings(
  one: AttachedPackage,
  { request, package: { split }, ...order }: Subject,
  runtime: Runtime,
): Promise<Finding[]> {
  const own: BuildRequest = { ...request, type: 'dependency', function: one.name }
  const alone = { request: { ...own, handler: undefined }, handler: undefined, dependencies: [] }
  const subject = { ...order, ...alone, package: one }
  const findings =
    one === split
      ? await findingsOf(subject, runtime)
      : await ruleFindings(subject, runtime, RULES_OF_ATTACHED)
  return findings
    .filter(({ level }) => one === split || level !== 'note')
    .map(({ path, line, ...found }) => {
      const ref = dependencyRef(one)
      return reworded(found, ({ en, zh }) => ({ en: `${ref}: ${en}`, zh: `${ref}：${zh}` }))
    })
}

/** A tree of another machine breaks a rule ten thousand times over, which nobody reads. */
function bounded(findings: readonly Finding[]): readonly Finding[] {
  const bySeverity = findings.toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
  const [last, ...rest] = bySeverity.slice(FINDINGS_MAX - 1)
  if (!last || rest.length === 0) return findings
  const counting = reworded(last, ({ en, zh }) => ({
    en: `${en} (and ${rest.length} more like it)`,
    zh: `${zh}（另有 ${rest.length} 个类似的）`,
  }))
  return [...bySeverity.slice(0, FINDINGS_MAX - 1), counting]
}

/** Warnings that are likely to be why, where the handler does not load. */
const SUSPECTS: ReadonlySet<RuleId> = new Set(['stdlib-shadow'])
/** Those that say a name, which is why where the load says it too, and mend it better. */
const NAMING: ReadonlySet<RuleId> = new Set(['node-resolve', 'python-resolve'])

function raised(findings: readonly Finding[], ofLoad: readonly Finding[]): Finding[] {
  const failed = ofLoad.filter(({ level }) => level === 'error')
  const isNamed = ({ message }: Finding) => {
    const name = /"([^"]+)"/.exec(message)?.[1]
    return failed.some((load) => load.message.includes(`'${name}'`))
  }
  return findings.map((finding) => {
    if (finding.level !== 'warning' || failed.length === 0) return finding
    const isSuspect = SUSPECTS.has(finding.rule) || (NAMING.has(finding.rule) && isNamed(finding))
    return isSuspect ? { ...finding, level: 'error' } : finding
  })
}

function refuseErrors(findings: readonly Finding[]): void {
  const errors = findings.filter((finding) => finding.level === 'error')
  const [first] = errors
  if (!first) return
  const more = othersToo(errors.length - 1)
  const { rule, message, hint, zh } = first
  const en = ruleAndMessage({ rule, message })
  throw failed('VALIDATION_FAILED', {
    detail: { en: `${en}${more.en}`, zh: `${ruleAndMessage({ rule, ...zh })}${more.zh}` },
    hint: { en: hint, zh: zh.hint },
  })
}
