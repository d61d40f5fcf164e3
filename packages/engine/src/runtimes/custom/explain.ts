import { failed, type PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import { customFailures } from '../../texts/failures/custom.ts'
import { othersToo } from '../../texts/failures/others-too.ts'
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
  return failed('MANIFEST_INVALID', customFailures.brokenMakefile(place, reason), { output })
}

/** As dash, bash and make say it. */
const NOT_FOUND = [
  /^\S+: (?:line )?\d+: (?:exec: )?(\S+?): (?:command )?not found$/m,
  /^make(?:\[\d+\])?: (\S+): No such file or directory$/m,
]

function notFound(text: string, output: string[]): PacklineError | undefined {
  const name = NOT_FOUND.map((pattern) => pattern.exec(text)?.[1]).find((found) => found)
  if (name === undefined) return undefined
  return failed('COMPILE_FAILED', customFailures.notFound(name), { output })
}

/** What compilers agree on: `main.c:3:5: error: ...`. */
const PLACE = /^(?:\.\/)?[^\s:]+:\d+(?::\d+)?: (?:fatal )?error: /

function failedPlace(output: string[]): PacklineError | undefined {
  const [first, ...more] = output.filter((line) => PLACE.test(line))
  if (first === undefined) return undefined
  const said = first.replace(/^\.\//, '')
  const text = customFailures.doesNotCompile(said, othersToo(more.length))
  return failed('COMPILE_FAILED', text, { output })
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
    return failed('COMPILE_FAILED', customFailures.recipe(place, target, status), { output })
  }
  if (exitCode === null || stage.name === 'make') return undefined
  const command = stage.argv.slice(COMMAND_AT).join(' ')
  return failed('COMPILE_FAILED', customFailures.command(command, exitCode), { output })
}
