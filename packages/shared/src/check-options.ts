import { PacklineError } from './failure.ts'
import type { ParsedBuildRequest } from './request.ts'
import { RUNTIMES, type RuntimeName } from './runtimes.ts'

type BuildOption = keyof ParsedBuildRequest['build']

/** Options of a build that are not every runtime's. */
const RUNTIMES_OF: Partial<Record<BuildOption, readonly RuntimeName[]>> = {
  module: ['java', 'go'],
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
    const titles = runtimes.map((name) => RUNTIMES[name].title).join(' and ')
    throw refusal(
      option,
      `build.${option} is for ${titles}; runtime is "${runtime}"`,
      'Leave it out: this runtime is built by its own tools.',
    )
  }
  if (build.sourceMap && !build.bundle) {
    throw refusal(
      'sourceMap',
      'build.sourceMap is set and build.bundle is not',
      'Only a bundle has a source map: set build.bundle to true.',
    )
  }
  const making = MAKING.find((option) => build[option])
  if (making === undefined || source.as !== 'package') return
  throw refusal(
    making,
    `build.${making} is set and source.as is "package"`,
    'A finished package is not made anew: leave out one of the two.',
  )
}

function refusal(option: string, detail: string, hint: string): PacklineError {
  return new PacklineError('INVALID_REQUEST', detail, { at: `build.${option}`, hint })
}
