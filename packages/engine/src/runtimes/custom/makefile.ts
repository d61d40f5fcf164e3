import { failed } from '@packline/shared'
import { customFailures } from '../../texts/failures/custom.ts'
import { noTool } from '../../tools/missing.ts'
import type { Tree } from '../../tree.ts'
import type { Order, Stage } from '../runtime.ts'
import { commandStage } from './command-stage.ts'

const MAKEFILE_BYTES_MAX = 1024 * 1024
const SHOWN_MAX = 8

/** `make` with the target that is for this function. */
export async function makefileStage(tree: Tree, order: Order): Promise<Stage> {
  const text = (await tree.read('Makefile', MAKEFILE_BYTES_MAX)).toString('utf8')
  const target = targetOf(text, order.request.function)
  const { make } = order.tools
  if (!make) throw noTool('make')
  return commandStage('make', [make.path, target], `Makefile has the target ${target}`, order)
}

/** Whether a Makefile is written for a packer: it names the folder that the package goes into. */
export function isForPacking(text: string): boolean {
  return /\b(PACKLINE_OUTPUT|ARTIFACTS_DIR)\b/.test(text)
}

/**
 * build-NAME as AWS SAM has it, so that one Makefile serves many functions, else build. Throws
 * ENTRY_MISSING with the targets that there are.
 */
function targetOf(text: string, name: string): string {
  const targets = targetsOf(text)
  const wanted = [`build-${name}`, 'build']
  const found = wanted.find((target) => targets.some((one) => one.name === target))
  if (found !== undefined) return found
  // Targets of patterns, variables and other files are make's to find.
  if (/^-?include\b|^[^\t#\n]*[%$][^:=\n]*:(?!=)/m.test(text)) return 'build'
  const shown = targets.slice(0, SHOWN_MAX).map((one) => `${one.name} (Makefile:${one.line})`)
  throw failed('ENTRY_MISSING', customFailures.noTarget(wanted, shown))
}

/** `one two: needs`, not `name := value` and not the lines of a recipe. */
function targetsOf(text: string): { name: string; line: number }[] {
  return text.split('\n').flatMap((row, index) => {
    const names = /^([^\t#:=][^#:=]*)::?(?![:=])/.exec(row)?.[1]?.trim().split(/\s+/) ?? []
    const own = names.filter((name) => !name.startsWith('.') && !name.includes('$'))
    return own.map((name) => ({ name, line: index + 1 }))
  })
}
