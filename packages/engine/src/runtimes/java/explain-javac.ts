import { PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'

const OUTPUT_LINES_MAX = 40
const ERROR = /^(.+\.java):(\d+): error: (.+)$/
const COUNT = /^(\d+) errors?$/
const NO_PACKAGE = /^package (\S+) does not exist$/

/** COMPILE_FAILED with the first error in its text, and the compiler's own lines. */
export function explainJavac({ stdout, stderr }: ToolResult): PacklineError | undefined {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '')
  const at = lines.findIndex((line) => ERROR.test(line))
  const match = ERROR.exec(lines[at] ?? '')
  if (!match) return undefined
  const [, path = '', line = '', message = ''] = match
  const count = lines.map((text) => COUNT.exec(text)?.[1]).find((found) => found !== undefined)
  const more = Number(count ?? 1) - 1
  const others = more > 0 ? ` (and ${more} more)` : ''
  return new PacklineError('COMPILE_FAILED', `${path}:${line}: ${message}${others}`, {
    hint: hintOf(message),
    output: lines.slice(at, at + OUTPUT_LINES_MAX),
  })
}

function hintOf(message: string): string | undefined {
  const missing = NO_PACKAGE.exec(message)?.[1]
  if (missing === undefined) return undefined
  return `Put the jar that has ${missing} into the source (lib/ is a good place), or add a pom.xml that names it.`
}
