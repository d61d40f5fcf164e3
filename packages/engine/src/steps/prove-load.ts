import { randomUUID } from 'node:crypto'
import type { Finding, RuleId, TestReport, UsedTool, VerdictReason, Words } from '@packline/shared'
import type { BuildContext } from '../context.ts'
import { finding, verdictOf, withHint } from '../finding.ts'
import { OverLimit } from '../process/over-limit.ts'
import { LOAD_CHECK } from '../report.ts'
import type { LoadCheck, Runtime, Subject } from '../runtimes/runtime.ts'
import { loadTexts } from '../texts/load.ts'
import { PROOFS, REASONS } from '../texts/verdict.ts'
import { joined } from '../words.ts'
import type { Workbench } from '../workbench.ts'
import { inSource } from './in-source.ts'
import { judgeCall, notCalled, reasonOf } from './judge-call.ts'
import { layOut } from './lay-out.ts'
import { type CallAnswer, type LoadAnswer, listenFor } from './load-answer.ts'
import { runStage } from './run-stage.ts'

/** Findings that keep a loaded package from being called proved (package-rules.md part 4). */
const WEAKENING: ReadonlySet<RuleId> = new Set(['target-arch', 'target-libc', 'go-host'])

export interface Proof {
  verdict: VerdictReason
  findings: Finding[]
  tool?: UsedTool
  /** Where the request has a test event. */
  test?: TestReport
}

/**
 * Loads the handler out of the finished package the way the platform would, and calls it where the
 * request has a test event.
 */
export async function proveLoad(
  subject: Subject,
  runtime: Runtime,
  context: BuildContext,
  bench: Workbench,
  sofar: readonly Finding[],
): Promise<Proof> {
  const proof = await loadAndCall(subject, runtime, context, bench, sofar)
  if (!subject.request.test || proof.test) return proof
  const { because, zh } = proof.verdict
  const { report, findings } = notCalled({ en: because, zh: zh?.because ?? because })
  // A load that failed is told already, and is why.
  const more = proof.findings.length > 0 ? [] : findings
  return { ...proof, test: report, findings: [...proof.findings, ...more] }
}

async function loadAndCall(
  subject: Subject,
  runtime: Runtime,
  context: BuildContext,
  bench: Workbench,
  sofar: readonly Finding[],
): Promise<Proof> {
  const { type, build, architecture } = subject.request
  if (type === 'dependency') return notLoaded(REASONS.dependency)
  if (!build.load) return notLoaded(REASONS.turnedOff)
  if (architecture !== hostArchitecture()) return notLoaded(REASONS.otherArchitecture(architecture))
  const check = await runtime.load(subject)
  if (check.kind === 'unavailable') return notLoaded(check.because)
  // Notes say what does no harm.
  const weak = sofar.find(({ rule, level }) => WEAKENING.has(rule) && level !== 'note')
  if (check.kind === 'inspected') {
    return { verdict: graded(true, check.because, weak), findings: [] }
  }
  if (check.fenced && context.isolation.kind === 'none') {
    return notLoaded(REASONS.noSandbox)
  }
  const ready = await prepared(check, context, bench)
  if (ready.kind === 'unavailable') return notLoaded(ready.because)
  const { answer, called } = await load(ready, subject, context, bench)
  if (answer.lacking !== undefined) {
    return notLoaded(REASONS.lacking(answer.lacking))
  }
  const used = weakened(ready, answer)
  const proof = await judge(used, answer, subject, weak)
  const { test } = subject.request
  if (!test || !called) return proof
  const { report, findings } = judgeCall(called, test, used.same)
  return { ...proof, test: report, findings: [...proof.findings, ...findings] }
}

type LoadCommand = Extract<LoadCheck, { kind: 'command' }>
type Unavailable = Extract<LoadCheck, { kind: 'unavailable' }>

/** Makes what the check needs; a loader that can not be made is one that is not there. */
async function prepared(
  check: LoadCommand,
  context: BuildContext,
  bench: Workbench,
): Promise<LoadCommand | Unavailable> {
  if (!check.prepare) return check
  const { stage, product } = check.prepare
  // What was built before may have put a link there: it is not written through.
  await bench.removeFolder('loader')
  const result = await runStage(stage, context, bench)
  if (result.exitCode !== 0) {
    const because = REASONS.notPrepared(stage.name, result.output.at(-1))
    return { kind: 'unavailable', because }
  }
  return {
    ...check,
    binds: [...check.binds, { ...product, from: await bench.outside(product.from) }],
  }
}

/** A load that leaned on stand-ins says less than one of the platform's own modules would. */
function weakened(check: LoadCommand, { ok, assumed = [] }: LoadAnswer): LoadCommand {
  if (assumed.length === 0) return check
  const reasons = [check.because, REASONS.standIns(assumed)].filter((one) => one !== undefined)
  const because = joined(reasons, ';')
  return { ...check, same: false, because: ok ? because : REASONS.whichMayBeWhy(because) }
}

function notLoaded(because: Words): Proof {
  return { verdict: verdictOf('not-loaded', because), findings: [] }
}

async function load(
  check: LoadCommand,
  subject: Subject,
  context: BuildContext,
  bench: Workbench,
): Promise<{ answer: LoadAnswer; called?: CallAnswer }> {
  const { test } = subject.request
  const folder = await layOut(subject, bench)
  const token = randomUUID()
  const listener = listenFor(token, (line) => context.reporter.log(line))
  const { argv, env = {}, binds, timeoutMs } = check
  const input = `${token}\n${test ? `${JSON.stringify(test.event)}\n` : ''}`
  const place = { cwd: subject.profile.codeRoot, network: 'none', input } as const
  const { onLine } = listener
  const end = await bench
    .runPackage({ argv, env, binds, timeoutMs, onLine, ...place }, folder)
    .catch((error: unknown) => {
      context.signal.throwIfAborted()
      // That is the package's own doing; any other failure of a run is the worker's.
      if (error instanceof OverLimit) return error
      throw error
    })
  const answer = inSource(listener.answer(end), subject)
  if (!test || !answer.ok) return { answer }
  return { answer, called: inSource(listener.called(end), subject) }
}

async function judge(
  check: LoadCommand,
  answer: LoadAnswer,
  subject: Subject,
  weak: Finding | undefined,
): Promise<Proof> {
  const { loadedBy, because, same } = check
  const why = because?.en ?? 'the same version'
  const tool = { name: LOAD_CHECK, version: loadedBy.en, because: why }
  if (answer.ok) {
    return { verdict: graded(same, PROOFS.loaded(loadedBy, because), weak), findings: [], tool }
  }
  const verdict = verdictOf('not-loaded', PROOFS.failed(loadedBy, because))
  return { verdict, findings: [await refusal(check, answer, subject)], tool }
}

/** Under the version that is asked for an error; under another one a warning that names both. */
async function refusal(
  { loadedBy, same, because, hint }: LoadCommand,
  answer: LoadAnswer,
  subject: Subject,
): Promise<Finding> {
  const { message, zh, path, line } = answer
  const isHttp = subject.request.type === 'http'
  const text = isHttp ? loadTexts.http : textsOf(answer)
  const said = text(loadedBy, same ? undefined : because, reasonOf(message, zh))
  const rule = answer.initializer ? 'initializer' : 'handler-exists'
  const level = same ? 'error' : 'warning'
  const found = finding(isHttp ? 'bootstrap' : rule, level, said, { path, line })
  const exact = answer.hint ?? (await hint?.(message ?? ''))
  return exact ? withHint(found, exact) : found
}

function textsOf({ initializer, line }: LoadAnswer) {
  if (initializer) return loadTexts.initializer
  return line === undefined ? loadTexts.handler : loadTexts.handlerAt
}

function graded(same: boolean, because: Words, weak: Finding | undefined): VerdictReason {
  if (same && !weak) return verdictOf('proved', because)
  if (!weak) return verdictOf('checked', because)
  const { rule, message, zh } = weak
  const why = { en: `${rule}: ${message}`, zh: `${rule}：${zh.message}` }
  return verdictOf('checked', joined([because, why], ';'))
}

function hostArchitecture(): string {
  return process.arch === 'arm64' ? 'aarch64' : 'x86_64'
}
