import { randomUUID } from 'node:crypto'
import {
  type FailureCode,
  type Finding,
  PacklineError,
  type RuleId,
  type TestReport,
  type UsedTool,
  type VerdictReason,
} from '@packline/shared'
import type { BuildContext } from '../context.ts'
import { LOAD_CHECK } from '../report.ts'
import type { LoadCheck, Runtime, Subject } from '../runtimes/runtime.ts'
import type { Workbench } from '../workbench.ts'
import { judgeCall, notCalled } from './judge-call.ts'
import { layOut } from './lay-out.ts'
import { type CallAnswer, type LoadAnswer, listenFor } from './load-answer.ts'
import { runStage } from './run-stage.ts'

/** Findings that keep a loaded package from being called proved (package-rules.md part 4). */
const WEAKENING: ReadonlySet<RuleId> = new Set(['target-arch', 'target-libc', 'go-host'])

/** How a load ends that is the package's own doing; any other failure of a run is the worker's. */
const OWN_LIMITS: ReadonlySet<FailureCode> = new Set(['TIMED_OUT', 'TOO_MUCH_OUTPUT'])

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
  const { report, findings } = notCalled(proof.verdict.because)
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
  if (type === 'dependency') return notLoaded('it is loaded with the functions that attach it')
  if (!build.load) return notLoaded('the request turned the load check off')
  if (architecture !== hostArchitecture()) return notLoaded(`this worker is not ${architecture}`)
  const check = await runtime.load(subject)
  if (check.kind === 'unavailable') return notLoaded(check.because)
  // Notes say what does no harm.
  const weak = sofar.find(({ rule, level }) => WEAKENING.has(rule) && level !== 'note')
  if (check.kind === 'inspected') {
    return { verdict: graded(true, check.because, weak), findings: [] }
  }
  if (check.fenced && context.isolation.kind === 'none') {
    return notLoaded("it needs the platform's paths and port, which only a sandbox can give")
  }
  const ready = await prepared(check, context, bench)
  if (ready.kind === 'unavailable') return notLoaded(ready.because)
  const { answer, called } = await load(ready, subject, context, bench)
  if (answer.lacking !== undefined) {
    return notLoaded(`the platform's own ${answer.lacking} is not on this worker`)
  }
  const used = weakened(ready, answer)
  const proof = judge(used, answer, subject, weak)
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
    const last = result.output.at(-1) ?? 'it said nothing'
    return { kind: 'unavailable', because: `${stage.name} could not be made: ${last}` }
  }
  return {
    ...check,
    binds: [...check.binds, { ...product, from: await bench.outside(product.from) }],
  }
}

/** A load that leaned on stand-ins says less than one of the platform's own modules would. */
function weakened(check: LoadCommand, { ok, assumed = [] }: LoadAnswer): LoadCommand {
  if (assumed.length === 0) return check
  const because = `stand-ins were loaded for the platform's own ${assumed.join(', ')}`
  const reasons = [check.because, because].filter(Boolean).join('; ')
  return { ...check, same: false, because: ok ? reasons : `${reasons}, which may be why` }
}

function notLoaded(because: string): Proof {
  return { verdict: { verdict: 'not-loaded', because }, findings: [] }
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
      if (!(error instanceof PacklineError) || !OWN_LIMITS.has(error.code)) throw error
      return error
    })
  const answer = listener.answer(end)
  return test && answer.ok ? { answer, called: listener.called(end) } : { answer }
}

function judge(
  check: LoadCommand,
  answer: LoadAnswer,
  subject: Subject,
  weak: Finding | undefined,
): Proof {
  const { loadedBy, because, same } = check
  const tool = { name: LOAD_CHECK, version: loadedBy, because: because ?? 'the same version' }
  const by = because === undefined ? loadedBy : `${loadedBy}: ${because}`
  if (answer.ok) {
    return { verdict: graded(same, `loaded by ${by}`, weak), findings: [], tool }
  }
  const verdict = { verdict: 'not-loaded', because: `the load failed under ${by}` } as const
  return { verdict, findings: [refusal(check, answer, subject)], tool }
}

/** Under the version that is asked for an error; under another one a warning that names both. */
function refusal({ loadedBy, same, because }: LoadCommand, answer: LoadAnswer, subject: Subject) {
  const { message = 'no reason given', path, line } = answer
  const isHttp = subject.request.type === 'http'
  const what = isHttp ? 'the function does not start' : 'the handler does not load'
  const how = same ? '' : ` (${because})`
  return {
    rule: isHttp ? 'bootstrap' : 'handler-exists',
    level: same ? 'error' : 'warning',
    message: `${what} under ${loadedBy}${how}: ${message}`,
    hint: isHttp
      ? 'Start bootstrap in the unpacked package, without network: it must answer on its port.'
      : 'Import it in the unpacked package. Where it needs network or variables to load, set build.load to false.',
    path,
    line,
  } satisfies Finding
}

function graded(same: boolean, because: string, weak: Finding | undefined): VerdictReason {
  if (same && !weak) return { verdict: 'proved', because }
  const verdict = 'checked'
  return { verdict, because: weak ? `${because}; ${weak.rule}: ${weak.message}` : because }
}

function hostArchitecture(): string {
  return process.arch === 'arm64' ? 'aarch64' : 'x86_64'
}
