import { PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import type { Stage } from '../runtime.ts'

/** What the output of a user's own command says more exactly than its exit code. */
export function explain(stage: Stage, { output, exitCode }: ToolResult): PacklineError | undefined {
  const text = output.join('\n')
  return (
    brokenMakefile(text, output) ??
    notFound(text, output) ??
    failedPlace(output) ??
    failedRecipe(stage, text, output, exitCode)
  )
}

/** `Makefile:3: *** missing separator.  Stop.` */
function brokenMakefile(text: string, output: string[]): PacklineError | undefined {
  const [, place, reason] = /^(\S+:\d+): \*\*\* (?!\[)(.+?)\.? +Stop\.$/m.exec(text) ?? []
  if (place === undefined) return undefined
  return new PacklineError('MANIFEST_INVALID', `${place}: ${reason}`, {
    hint: 'Mend the line that is named; make on your machine says the same.',
    output,
  })
}

/** As dash, bash and make say it. */
const NOT_FOUND = [
  /^\S+: (?:line )?\d+: (?:exec: )?(\S+?): (?:command )?not found$/m,
  /^make(?:\[\d+\])?: (\S+): No such file or directory$/m,
]

function notFound(text: string, output: string[]): PacklineError | undefined {
  const name = NOT_FOUND.map((pattern) => pattern.exec(text)?.[1]).find((found) => found)
  if (name === undefined) return undefined
  return new PacklineError(
    'COMPILE_FAILED',
    `${name} is neither in the source nor on this worker`,
    {
      hint: 'A command has the programs of the worker and no network: hand in what it needs.',
      output,
    },
  )
}

/** What compilers agree on: `main.c:3:5: error: ...`. */
const PLACE = /^(?:\.\/)?[^\s:]+:\d+(?::\d+)?: (?:fatal )?error: /

function failedPlace(output: string[]): PacklineError | undefined {
  const [first, ...more] = output.filter((line) => PLACE.test(line))
  if (first === undefined) return undefined
  const others = more.length > 0 ? ` (and ${more.length} more)` : ''
  return new PacklineError('COMPILE_FAILED', `${first.replace(/^\.\//, '')}${others}`, {
    hint: 'Mend the line that is named.',
    output,
  })
}

/** What stands before the user's own words: plan.ts. */
const COMMAND_AT = 4

/** `make: *** [Makefile:2: build] Error 1` */
function failedRecipe(
  stage: Stage,
  text: string,
  output: string[],
  exitCode: number | null,
): PacklineError | undefined {
  const [, place, target, status] = /\*\*\* \[(\S+:\d+): (\S+)\] Error (\d+)/.exec(text) ?? []
  if (place !== undefined) {
    const detail = `${place}: the recipe of ${target} ended with exit code ${status}`
    return new PacklineError('COMPILE_FAILED', detail, { output })
  }
  if (exitCode === null || stage.name === 'make') return undefined
  const command = stage.argv.slice(COMMAND_AT).join(' ')
  const detail = `build.command (${command}) ended with exit code ${exitCode}`
  return new PacklineError('COMPILE_FAILED', detail, {
    hint: 'Its last lines say why; the folder for the package is named by PACKLINE_OUTPUT.',
    output,
  })
}
