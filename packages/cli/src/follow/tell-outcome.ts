import type { Client } from '@packline/client'
import { type BuildView, failureInLanguage, reportInLanguage } from '@packline/shared'
import { failureText } from '../error-text.ts'
import { exitCodeOfFailure } from '../exit-code.ts'
import { resultText } from '../result-text.ts'
import { outputRows, row } from '../rows.ts'
import type { Terminal } from '../terminal.ts'

interface Manner {
  json?: boolean
  /** What the tools printed stands above already. */
  shown?: boolean
}

/** How a build ended: the package as the result, or what went wrong; answers the exit code. */
export async function tellOutcome(
  terminal: Pick<Terminal, 'stdout' | 'stderr' | 'language'>,
  client: Pick<Client, 'build' | 'report'>,
  id: string,
  manner: Manner,
): Promise<number> {
  const build = await client.build(id)
  const { stdout, stderr, language } = terminal
  const { package: made, failure } = build
  // A cancelled build may never have begun: then there is no report.
  const report = made ? await client.report(id) : undefined
  if (manner.json) {
    const { request: _request, ...shown } = build
    stdout.write(`${JSON.stringify({ build: shown, report })}\n`)
  } else if (made && report && build.state === 'succeeded') {
    const split = build.split && { ...build.split, path: build.split.package.address }
    stdout.write(`${resultText(made.address, made, reportInLanguage(report, language), split)}\n`)
    stderr.write(`${row('fetch', `packline download ${id}`)}\n`)
  } else {
    const output = manner.shown ? [] : outputRows(failure?.output)
    stderr.write(`${[endText(build, language), ...output].join('\n')}\n`)
  }
  return exitCodeOfBuild(build)
}

function endText(
  { failure, state, cancelReason = 'no reason was given' }: BuildView,
  language: Terminal['language'],
): string {
  return failure ? failureText(failureInLanguage(failure, language)) : row(state, cancelReason)
}

/** 0 for a package, else as the failure says; a build that was cancelled made none. */
export function exitCodeOfBuild({ state, failure }: Pick<BuildView, 'state' | 'failure'>): number {
  if (state === 'succeeded') return 0
  return failure ? exitCodeOfFailure(failure) : 1
}
