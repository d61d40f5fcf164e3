import { randomUUID } from 'node:crypto'
import {
  type FailureCode,
  type Finding,
  PacklineError,
  type RuleId,
  type UsedTool,
  type VerdictReason,
} from '@packline/shared'
import * as z from 'zod'
import type { BuildContext } from '../context.ts'
import type { ToolResult } from '../process/command.ts'
import type { LoadCheck, Runtime, Subject } from '../runtimes/runtime.ts'
import type { Workbench } from '../workbench.ts'
import { runStage } from './run-stage.ts'

/** Findings that keep a loaded package from being called proved (package-rules.md part 4). */
const WEAKENING: ReadonlySet<RuleId> = new Set(['target-arch', 'target-libc', 'go-host'])

/** How a load ends that is the package's own doing; any other failure of a run is the worker's. */
const OWN_LIMITS: ReadonlySet<FailureCode> = new Set([
  'TIMED_OUT',
  'TOO_MUCH_OUTPUT',
  'OUT_OF_MEMORY',
  'DISK_FULL',
])

const answerSchema = z.object({
  ok: z.boolean(),
  message: z.string().max(4000).optional(),
  path: z.string().max(1024).optional(),
  line: z.int().positive().optional(),
  /** Modules that the platform has pre-installed and this worker has not: stand-ins were loaded. */
  assumed: z.array(z.string().max(100)).max(100).optional(),
})
type LoadAnswer = z.output<typeof answerSchema>

export interface Proof {
  verdict: VerdictReason
  findings: Finding[]
  tool?: UsedTool
}

/** Loads the handler out of the finished package the way the platform would. */
export async function proveLoad(
  subject: Subject,
  runtime: Runtime,
  context: BuildContext,
  bench: Workbench,
  sofar: readonly Finding[],
): Promise<Proof> {
  if (!subject.request.build.load) return notLoaded('the request turned the load check off')
  if (subject.request.architecture !== hostArchitecture()) {
    return notLoaded(`this worker is not ${subject.request.architecture}`)
  }
  const check = await prepared(await runtime.load(subject), context, bench)
  if (check.kind === 'unavailable') return notLoaded(check.because)
  if (check.kind === 'command' && check.fenced && context.isolation.kind === 'none') {
    return notLoaded("it needs the platform's paths and port, which only a sandbox can give")
  }
  const weak = sofar.find((finding) => WEAKENING.has(finding.rule))
  if (check.kind === 'inspected') {
    return { verdict: graded(true, check.because, weak), findings: [] }
  }
  const answer = await load(check, subject, context, bench)
  return judge(weakened(check, answer), answer, weak)
}

/** Makes what the check needs; a loader that can not be made is one that is not there. */
async function prepared(
  check: LoadCheck,
  context: BuildContext,
  bench: Workbench,
): Promise<LoadCheck> {
  if (check.kind !== 'command' || !check.prepare) return check
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
function weakened(check: LoadCommand, { assumed = [] }: LoadAnswer): LoadCommand {
  if (assumed.length === 0) return check
  const because = `stand-ins were loaded for the platform's own ${assumed.join(', ')}`
  return { ...check, same: false, because: [check.because, because].filter(Boolean).join('; ') }
}

function notLoaded(because: string): Proof {
  return { verdict: { verdict: 'not-loaded', because }, findings: [] }
}

type LoadCommand = Extract<LoadCheck, { kind: 'command' }>

async function load(
  check: LoadCommand,
  subject: Subject,
  context: BuildContext,
  bench: Workbench,
): Promise<LoadAnswer> {
  // The code under test can not forge the answer by luck: the token is made for this load.
  const token = randomUUID()
  const command = {
    argv: check.argv,
    cwd: subject.profile.codeRoot,
    env: { ...check.env, PACKLINE_TOKEN: token },
    network: 'none',
    binds: check.binds,
    onLine: (line: string) => {
      if (line !== '' && !line.startsWith(token)) context.reporter.log(line)
    },
  } as const
  try {
    const result = await bench.runPackage(command, await subject.package.folder())
    return readAnswer(result, token)
  } catch (error) {
    context.signal.throwIfAborted()
    if (!(error instanceof PacklineError) || !OWN_LIMITS.has(error.code)) throw error
    return { ok: false, message: error.message }
  }
}

function readAnswer(result: ToolResult, token: string): LoadAnswer {
  const line = result.stdout.split('\n').findLast((text) => text.startsWith(`${token} `))
  if (line !== undefined) return parseAnswer(line.slice(token.length + 1))
  const how = result.exitCode === null ? `signal ${result.signal}` : `exit code ${result.exitCode}`
  const last = result.output.slice(-5).join('\n')
  return { ok: false, message: `the process ended with ${how} while loading\n${last}`.trim() }
}

/** Code under test may have found the token and printed anything behind it. */
function parseAnswer(text: string): LoadAnswer {
  try {
    return answerSchema.parse(JSON.parse(text))
  } catch {
    return {
      ok: false,
      message: `the load check's answer could not be read: ${text.slice(0, 200)}`,
    }
  }
}

function judge(check: LoadCommand, answer: LoadAnswer, weak: Finding | undefined): Proof {
  const tool = {
    name: 'load check',
    version: check.loadedBy,
    because: check.because ?? 'the same version',
  }
  if (answer.ok) {
    const because = check.same
      ? `loaded by ${check.loadedBy}`
      : `loaded by ${check.loadedBy}: ${check.because}`
    return { verdict: graded(check.same, because, weak), findings: [], tool }
  }
  const finding: Finding = {
    rule: 'handler-exists',
    level: check.same ? 'error' : 'warning',
    message: `the handler does not load under ${check.loadedBy}: ${answer.message ?? 'no reason given'}`,
    hint: 'Run the same import in the unpacked package; part of the message is what the runtime says.',
    path: answer.path,
    line: answer.line,
  }
  const because = `the load failed under ${check.loadedBy}${check.because ? `: ${check.because}` : ''}`
  return { verdict: { verdict: 'not-loaded', because }, findings: [finding], tool }
}

function graded(same: boolean, because: string, weak: Finding | undefined): VerdictReason {
  if (same && !weak) return { verdict: 'proved', because }
  return {
    verdict: 'checked',
    because: weak ? `${because}; ${weak.rule}: ${weak.message}` : because,
  }
}

function hostArchitecture(): string {
  return process.arch === 'arm64' ? 'aarch64' : 'x86_64'
}
