import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type BuildOutcome, buildPackage } from '@packline/engine'
import { loadProfile } from '@packline/profiles'
import { failureInLanguage, reportInLanguage } from '@packline/shared'
import { chooseLocalRuntime } from '../choose-local-runtime.ts'
import { failureText } from '../error-text.ts'
import { exitCodeOfFailure } from '../exit-code.ts'
import { localDependencies } from '../local-dependencies.ts'
import { localContext, localEngine } from '../local-engine.ts'
import { outputPlace } from '../output-file.ts'
import { nameOf, readRequest } from '../read-request.ts'
import type { FunctionOptions } from '../request-fields.ts'
import { mapOf, resultText, type SplitAt, splitOf } from '../result-text.ts'
import { row } from '../rows.ts'
import { checkSideFiles, type SideFiles, writeSideFiles } from '../side-files.ts'
import { stepProgress } from '../step-progress.ts'
import type { Terminal } from '../terminal.ts'

interface PackOptions extends FunctionOptions, SideFiles {
  output?: string
  profile: string
  json?: boolean
}

/** `packline pack`: a folder becomes a package, here. Answers the exit code. */
export async function pack(
  terminal: Terminal,
  folder: string,
  options: PackOptions,
): Promise<number> {
  const path = resolve(folder)
  const profile = await loadProfile(options.profile)
  const name = options.name ?? nameOf(path)
  const place = await outputPlace(options.output, name)
  await checkSideFiles(options)
  // The package of an earlier run may lie in the folder: it is no part of the function.
  const zip = place.fileName('zip')
  const names = [zip, place.fileName('jar'), mapOf(zip), splitOf(zip)]
  const leaveOut = [...new Set(names)].map((file) => join(place.folder, file))
  const source = { kind: 'folder', path, leaveOut, as: options.as } as const
  const { runtime, because } = await chooseLocalRuntime(source, folder, options)
  const attached = await localDependencies(options.dependency ?? [])
  const request = readRequest(source, runtime, { ...options, name }, profile, attached.pins)
  const quiet = options.json === true
  if (!quiet)
    terminal.stderr.write(`${row('runtime', `${runtime} ${request.version}: ${because}`)}\n`)
  const engine = await localEngine(terminal, request, profile, place.folder)
  if (!quiet && engine.isolation.kind === 'none') {
    terminal.stderr.write(`${row('warning', engine.isolation.description)}\n`)
  }
  const reporter = stepProgress(terminal.stderr, { quiet })
  const context = localContext(engine, terminal, reporter, place.fileName, attached)
  try {
    const outcome = await buildPackage(request, context)
    if (outcome.status === 'failed' && outcome.failure.code === 'BUG') throw outcome.cause
    const code = tell(terminal, place.folder, outcome, options)
    if (outcome.status === 'succeeded') {
      const made = join(place.folder, outcome.package.key)
      await writeSideFiles(options, outcome, made, profile, terminal)
    }
    return code
  } finally {
    await rm(engine.scratchFolder, { recursive: true, force: true })
  }
}

function tell(
  { stdout, stderr, language }: Terminal,
  folder: string,
  outcome: BuildOutcome,
  { json }: PackOptions,
): number {
  if (outcome.status === 'failed') {
    const { failure, report } = outcome
    if (json) stdout.write(`${JSON.stringify({ failure, report })}\n`)
    else stderr.write(`${failureText(failureInLanguage(failure, language))}\n`)
    return exitCodeOfFailure(failure)
  }
  const { report, package: made } = outcome
  const path = join(folder, made.key)
  const split = outcome.split && {
    ...outcome.split,
    path: join(folder, outcome.split.package.key),
  }
  const text = json
    ? JSON.stringify({ path, size: made.size, sha256: made.sha256, split: toldOf(split), report })
    : resultText(path, made, reportInLanguage(report, language), split)
  stdout.write(`${text}\n`)
  return 0
}

/** As JSON has it. */
function toldOf(split: SplitAt | undefined) {
  if (!split) return undefined
  const { name, path, package: apart } = split
  return { name, path, size: apart.size, sha256: apart.sha256 }
}
