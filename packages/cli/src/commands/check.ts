import { rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { openArchive, verifyArchive } from '@packline/archive'
import { type CheckOutcome, checkPackage } from '@packline/engine'
import { loadProfile } from '@packline/profiles'
import {
  checkFormat,
  failureInLanguage,
  LIMITS,
  PacklineError,
  type Profile,
  type RuntimeName,
  reportInLanguage,
} from '@packline/shared'
import { counted, size } from '@packline/terminal'
import { runtimeNamed } from '../choose-local-runtime.ts'
import { failureText } from '../error-text.ts'
import { exitCodeOfFailure } from '../exit-code.ts'
import { localDependencies } from '../local-dependencies.ts'
import { localContext, localEngine } from '../local-engine.ts'
import { readRequest } from '../read-request.ts'
import type { FunctionOptions } from '../request-fields.ts'
import { verdictRows } from '../result-text.ts'
import { row } from '../rows.ts'
import { sha256Of } from '../sha256-of.ts'
import { stepProgress } from '../step-progress.ts'
import type { Terminal } from '../terminal.ts'

interface CheckOptions extends FunctionOptions {
  archiveOnly?: boolean
  entryNameEncoding?: 'gb18030'
  profile: string
  json?: boolean
}

/** What the gate says of an archive that it lets through. */
interface Passed {
  path: string
  bytes: number
  format: 'zip' | 'jar'
  files: number
  unpackedBytes: number
}

/** `packline check`: the archive gate, and every rule where runtime and handler are said. */
export async function check(
  terminal: Terminal,
  file: string,
  options: CheckOptions,
): Promise<number> {
  const { runtime: name, handler, archiveOnly, json } = options
  if (name === undefined && handler !== undefined && !archiveOnly) {
    throw new PacklineError('INVALID_REQUEST', '--handler says nothing without --runtime', {
      hint: 'Say --runtime too, or leave both out for the archive gate alone.',
    })
  }
  const runtime = name === undefined || archiveOnly ? undefined : runtimeNamed(name)
  const profile = await loadProfile(options.profile)
  const passed = await passGate(file, options, profile, terminal.signal)
  if (runtime === undefined) {
    const text = gateRows(passed)
    if (!archiveOnly) text.push(row('next', 'say --runtime and --handler for every rule'))
    terminal.stdout.write(`${json ? JSON.stringify(passed) : text.join('\n')}\n`)
    return 0
  }
  checkFormat(passed.format, { runtime })
  const outcome = await checkRules(terminal, passed, runtime, options, profile)
  return tell(terminal, passed, outcome, json)
}

async function passGate(
  file: string,
  { entryNameEncoding }: CheckOptions,
  { limits }: Profile,
  signal: AbortSignal,
): Promise<Passed> {
  const path = resolve(file)
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile()) {
    const what = found ? `${file} is no file` : `There is no file ${file}`
    const hint = found?.isDirectory() ? 'packline pack packs a folder.' : undefined
    throw new PacklineError('INVALID_REQUEST', what, { hint })
  }
  const bounds = {
    entriesMax: LIMITS.archiveEntriesMax,
    unpackedBytesMax: limits.unpackedBytesMax,
    ratioMax: LIMITS.archiveRatioMax,
  }
  const archive = await openArchive({ path }, { limits: bounds, entryNameEncoding, signal })
  try {
    await verifyArchive(archive, { signal })
    const { format, entries, unpackedSize: unpackedBytes } = archive
    const files = entries.filter(({ kind }) => kind !== 'folder').length
    return { path, bytes: found.size, format, files, unpackedBytes }
  } finally {
    await archive.close()
  }
}

async function checkRules(
  terminal: Terminal,
  { path, bytes }: Passed,
  runtime: RuntimeName,
  options: CheckOptions,
  profile: Profile,
): Promise<CheckOutcome> {
  const source = { kind: 'folder', path, as: 'package' } as const
  const attached = await localDependencies(options.dependency ?? [])
  const named = { ...options, name: 'package' }
  const request = readRequest(source, runtime, named, profile, attached.pins)
  const engine = await localEngine(terminal, request, profile, tmpdir())
  const reporter = stepProgress(terminal.stderr, { quiet: options.json === true })
  const context = localContext(engine, terminal, reporter, () => 'unused', attached)
  try {
    const digest = { size: bytes, sha256: await sha256Of(path) }
    const outcome = await checkPackage({ path }, digest, request, context)
    if (outcome.failure?.code === 'BUG') throw outcome.cause
    return outcome
  } finally {
    await rm(engine.scratchFolder, { recursive: true, force: true })
  }
}

function tell(
  { stdout, language }: Terminal,
  passed: Passed,
  { report, failure }: CheckOutcome,
  json: boolean | undefined,
): number {
  const { verdict, findings } = report
  const result = failure
    ? failureText(failureInLanguage(failure, language))
    : verdictRows(reportInLanguage(report, language)).join('\n')
  const text = json
    ? JSON.stringify({ ...passed, verdict, findings, failure })
    : [...gateRows(passed), result].join('\n')
  stdout.write(`${text}\n`)
  return failure ? exitCodeOfFailure(failure) : 0
}

function gateRows({ path, bytes, format, files, unpackedBytes }: Passed): string[] {
  const inside = `${counted(files, 'file')}, ${size(unpackedBytes)} unpacked`
  return [
    row('archive', path),
    row('gate', `passed: a ${format.toUpperCase()} of ${size(bytes)} (${inside})`),
  ]
}
