import { PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'

const OUTPUT_LINES_MAX = 40
const ERROR = /^(.+\.java):(\d+): error: (.+)$/
const COUNT = /^(\d+) errors?$/
const NO_PACKAGE = /^package (\S+) does not exist$/

/**
 * COMPILE_FAILED with the first error in its text, and the compiler's own lines; `mend`: where a
 * package that is missing belongs.
 */
export function explainJavac(
  { stdout, stderr }: Pick<ToolResult, 'stdout' | 'stderr'>,
  mend: (missing: string) => string = intoFolder,
): PacklineError | undefined {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '')
  const at = lines.findIndex((line) => ERROR.test(line))
  const match = ERROR.exec(lines[at] ?? '')
  if (!match) return undefined
  const [, path = '', line = '', message = ''] = match
  const count = lines.map((text) => COUNT.exec(text)?.[1]).find((found) => found !== undefined)
  const more = Number(count ?? 1) - 1
  const missing = NO_PACKAGE.exec(message)?.[1]
  const others = more > 0 ? ` (and ${more} more)` : ''
  return new PacklineError('COMPILE_FAILED', `${path}:${line}: ${message}${others}`, {
    hint: missing === undefined ? undefined : mend(missing),
    output: lines.slice(at, at + OUTPUT_LINES_MAX),
  })
}

function intoFolder(missing: string): string {
  return `Put the jar that has ${missing} into the source (lib/ is a good place), or add a pom.xml that names it.`
}
