import type { Words } from '@packline/shared'
import { failed, type PacklineError } from '@packline/shared'
import type { ToolResult } from '../../process/command.ts'
import { javaFailures, MISSING_PACKAGE } from '../../texts/failures/java.ts'
import { othersToo } from '../../texts/failures/others-too.ts'

const OUTPUT_LINES_MAX = 40
const ERROR = /^(.+\.java):(\d+): error: (.+)$/
const COUNT = /^(\d+) errors?$/
const NO_PACKAGE = /^package (\S+) does not exist$/
/** As the vendor's documentation of Java functions has it. */
const PLATFORM = /^com\.huawei\.services\.runtime(?:\.|$)/

/**
 * COMPILE_FAILED with the first error in its text, and the compiler's own lines; `mend`: where a
 * package that is missing belongs.
 */
export function explainJavac(
  { stdout, stderr }: Pick<ToolResult, 'stdout' | 'stderr'>,
  mend: (missing: string) => Words = MISSING_PACKAGE.intoFolder,
): PacklineError | undefined {
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '')
  const at = lines.findIndex((line) => ERROR.test(line))
  const match = ERROR.exec(lines[at] ?? '')
  if (!match) return undefined
  const [, path = '', line = '', message = ''] = match
  const count = lines.map((text) => COUNT.exec(text)?.[1]).find((found) => found !== undefined)
  const more = Number(count ?? 1) - 1
  const hint = mendMissing(message, mend)
  const place = `${path}:${line}`
  const said = javaFailures.doesNotCompile(place, message, othersToo(more), hint)
  return failed('COMPILE_FAILED', said, { output: lines.slice(at, at + OUTPUT_LINES_MAX) })
}

/** What to do about a package that the compiler misses; undefined for all else that it says. */
export function mendMissing(message: string, mend: (missing: string) => Words): Words | undefined {
  const missing = NO_PACKAGE.exec(message)?.[1]
  if (missing === undefined) return undefined
  return PLATFORM.test(missing) ? MISSING_PACKAGE.ofPlatform(missing) : mend(missing)
}
