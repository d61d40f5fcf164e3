import { rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { buildPackage } from '@packline/engine'
import { loadProfile } from '@packline/profiles'
import { exitCodeOfFailure, failureText } from '../failure-text.ts'
import { localContext, localEngine } from '../local-engine.ts'
import { chooseLocalRuntime, type FunctionOptions, readRequest } from '../read-request.ts'
import { resultText } from '../result-text.ts'
import { stepProgress } from '../step-progress.ts'
import type { Terminal } from '../terminal.ts'

interface PackOptions extends FunctionOptions {
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
  const { runtime, because } = await chooseLocalRuntime(folder, options)
  const source = { kind: 'folder', path: resolve(folder), as: options.as } as const
  const request = readRequest(source, runtime, options, await loadProfile(options.profile))
  const quiet = options.json === true
  if (!quiet) terminal.stderr.write(`runtime  ${runtime} ${request.version} (${because})\n`)
  const outputName = (format: string) => basename(options.output ?? `${request.function}.${format}`)
  const target = resolve(dirname(options.output ?? 'here'))
  const engine = await localEngine(terminal, options.profile, target)
  const reporter = stepProgress(terminal.stderr, { quiet })
  const context = localContext(engine, terminal, reporter, outputName)
  try {
    const outcome = await buildPackage(request, context)
    if (outcome.status === 'failed') {
      if (outcome.failure.code === 'BUG') throw outcome.cause
      const { failure, report } = outcome
      if (options.json) terminal.stdout.write(`${JSON.stringify({ failure, report })}\n`)
      else terminal.stderr.write(`${failureText(failure)}\n`)
      return exitCodeOfFailure(failure)
    }
    const path = join(target, outcome.package.key)
    const { report, package: made } = outcome
    const json = { path, size: made.size, sha256: made.sha256, report }
    const text = options.json ? JSON.stringify(json) : resultText(path, made, report)
    terminal.stdout.write(`${text}\n`)
    return 0
  } finally {
    await rm(engine.scratchFolder, { recursive: true, force: true })
  }
}
