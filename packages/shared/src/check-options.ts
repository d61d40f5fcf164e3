import { type FailureWords, failed, type PacklineError } from './failure.ts'
import type { ParsedBuildRequest } from './request.ts'
import { RUNTIMES, type RuntimeName } from './runtimes.ts'
import { requestFailures } from './texts.ts'

type BuildOption = keyof ParsedBuildRequest['build']

/** Options of a build that are not every runtime's. */
const RUNTIMES_OF: Partial<Record<BuildOption, readonly RuntimeName[]>> = {
  module: ['java', 'go', 'nodejs'],
  command: ['custom'],
  bundle: ['nodejs'],
  installScripts: ['nodejs'],
}

/** Those that make something, which a finished package is already. */
const MAKING: readonly BuildOption[] = ['command', 'bundle']

/**
 * What some runtimes alone can do is not passed over where it is asked of another, nor what only a
 * source can have where a package is handed in. Throws INVALID_REQUEST.
 */
export function checkOptions({ runtime, build, source }: ParsedBuildRequest): void {
  for (const [option, runtimes] of Object.entries(RUNTIMES_OF)) {
    if (!build[option as BuildOption] || runtimes.includes(runtime)) continue
    const titles = runtimes.map((name) => RUNTIMES[name].title)
    throw refusal(option, requestFailures.onlyFor(option, titles, runtime))
  }
  if (build.sourceMap && !build.bundle) {
    throw refusal('sourceMap', requestFailures.noBundle())
  }
  const making = MAKING.find((option) => build[option])
  if (making === undefined || source.as !== 'package') return
  throw refusal(making, requestFailures.finished(making))
}

function refusal(option: string, words: FailureWords): PacklineError {
  return failed('INVALID_REQUEST', words, { at: `build.${option}` })
}
